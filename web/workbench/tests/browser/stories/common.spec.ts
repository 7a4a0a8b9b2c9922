// Common issues (共性问题, S22): a table that leads to its findings, near texts that become a tag, tags counted as one,
// and a name that leaves in a notice only when two persons answer for it. 望澜市 does the first, so that 靖原市's
// story of its notice stays as it is told.

import { expect, test } from "../people";

const tag = "村级集体资金管理不规范";

test("the province reads how far an issue goes, and the findings behind each number", async ({ as }) => {
  const page = await as("zhouyiheng");
  await page.goto("/w/lanhe/common-issues");
  const row = page.getByRole("row", { name: new RegExp(tag) });
  await expect(row.getByRole("button", { name: `青榆县 ${tag} 11 条` })).toContainText("11.5%");
  await expect(row.getByRole("button", { name: / \d+ 条/ })).toHaveCount(6);
  await row.getByRole("button", { name: `松渡县 ${tag} 13 条` }).click();
  await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(13);
  await page.getByRole("dialog").getByRole("button", { name: "关闭" }).or(page.getByLabel("Close")).first().click();
  await page.getByText("按分类").click();
  await expect(page).toHaveURL(/by=category/);
  await expect(page.getByRole("row", { name: /D0201/ })).toContainText("48");
});

test("near texts get one tag in one act, and two tags are counted as one", async ({ as }) => {
  const page = await as("shenruogu");
  await page.goto("/w/wanglan/common-issues");
  await page.getByRole("button", { name: "比对相近问题" }).click();
  await expect(page.getByText(/已比对 \d+ 条/)).toBeVisible();
  const proposal = page.locator(".x-proposal").first();
  await expect(proposal.locator(".x-reasons")).toContainText("文字相近");
  await proposal.getByLabel("标签").fill("同类问题甲");
  await proposal.getByRole("button", { name: /^标注 \d+ 条$/ }).click();
  await expect(page.getByText(/已为 \d+ 条标注“同类问题甲”/)).toBeVisible();
  const row = page.getByRole("row", { name: /^同类问题甲/ });
  await expect(row).toBeVisible();

  await page.getByRole("button", { name: "归并标签" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("要归并的标签").click();
  await page.getByTitle("同类问题甲").click();
  await dialog.getByLabel("计入", { exact: true }).click();
  await page.getByTitle(tag).last().click();
  await expect(dialog.getByText("归并后")).toBeVisible();
  await dialog.getByLabel("理由").fill("同一类问题");
  await dialog.getByRole("button", { name: /^归\s*并$/ }).click();
  await expect(page.getByText(`“同类问题甲”计入“${tag}”`)).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "取消归并" }).click();
  await expect(row).toBeVisible();

  await row.getByRole("button", { name: "查看问题" }).click();
  await page.getByLabel("全选").check();
  await page.getByRole("button", { name: /^取消“同类问题甲”/ }).click();
  await expect(page.getByText(/已取消 \d+ 条的“同类问题甲”/)).toBeVisible();
  await expect(row).toHaveCount(0);
});

test("a name of a source leaves only with a reason and another person's word", async ({ as }) => {
  const city = await as("helan");
  await city.goto(`/w/jingyuan/linkage/new?tag=${encodeURIComponent(tag)}`);
  await city.getByLabel("正文").fill("青 榆 县的做法已经公开，请对照自查。");
  await city.getByRole("checkbox", { name: /^县区（0\/3）/ }).check();
  await city.getByRole("button", { name: "保存草稿" }).click();
  await expect(city.getByText("正文中的“青 榆 县”，即“青榆县”，与青榆县的机构名称相同")).toBeVisible();
  await city.getByRole("button", { name: /^送\s*审$/ }).click();
  const dialog = city.getByRole("dialog");
  await dialog.getByPlaceholder("保留的理由").fill("已由省里公开通报");
  await dialog.getByRole("button", { name: /^送\s*审$/ }).click();
  await expect(city.getByText("须由另一人同意")).toBeVisible();
  await expect(city.getByRole("button", { name: /^签\s*发$/ })).toBeDisabled();
  await expect(city.getByRole("button", { name: "同意保留" })).toHaveCount(0);

  const second = await as("dingqiming");
  await second.goto(city.url());
  await second.getByRole("button", { name: "同意保留" }).click();
  await expect(second.getByText("丁启明同意")).toBeVisible();
  await city.reload();
  await expect(city.getByRole("button", { name: /^签\s*发$/ })).toBeEnabled();
  await city.getByRole("button", { name: "更多" }).click();
  await city.getByText("撤回通报").click();
  await city.getByLabel("撤回的理由").fill("改写后另发");
  await city.getByRole("dialog").getByRole("button", { name: "撤回通报" }).click();
  await expect(city.getByText("已撤回").first()).toBeVisible();
});
