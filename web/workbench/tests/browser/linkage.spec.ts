// Between offices: receipts chased, a matter followed, a common issue sent down and answered, counts drilled to a row.

import { effort } from "./effort";
import { expect, row, test } from "./people";
import { prove } from "./steps";

test("a city sees who owes what on a notice, and reminds each once", async ({ as }) => {
  const page = await as("shenruogu");
  await page.goto("/w/wanglan/linkage?tab=out");
  await row(page, "望巡办通〔2026〕1号").getByRole("link").click();
  await expect(page.getByText("单位 34 个：签收 32，报送 28，自查发现 59，立行立改 41（69.5%），逾期 6")).toBeVisible();
  await page.getByLabel("只看未完成").check();
  const leaves = page.locator('[role="treegrid"] tbody tr[aria-level="2"]');
  await expect(leaves).toHaveCount(6);
  await expect(leaves.filter({ hasText: "逾期 35 天" })).toHaveCount(2);
  await page.getByRole("button", { name: "催办全部未完成（6）" }).click();
  await expect(page.getByText("已催办 6 个单位")).toBeVisible();
  await expect(leaves.getByRole("button", { name: "今天已催办" })).toHaveCount(6);
  await expect(page.getByRole("button", { name: /催办全部未完成/ })).toHaveCount(0);
});

test("a county sees where its matter is, who has it and what it did to the finding", async ({ as }) => {
  const page = await as("guxiaolan");
  await page.goto("/w/qingyu/escalations");
  await row(page, "E-2026-03").getByRole("link").click();
  const stages = page.locator(".x-stages > li");
  await expect(stages).toHaveCount(8);
  await expect(page.locator('[aria-current="step"]')).toContainText("县落实");
  await expect(page.locator('[aria-current="step"]')).toContainText("2026-12-31");
  await expect(stages.nth(1)).toContainText("5 个工作日");
  await page.getByRole("link", { name: "QY-06-02-017" }).click();
  await expect(page.getByText("已上报").first()).toBeVisible();
  await expect(page.getByText("随省级答复顺延").first()).toBeVisible();
  await page.getByRole("link", { name: /E-2026-03/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("青澜河采砂");
});

test("a common issue becomes a notice; a county signs, reports, and is accepted", async ({ as }) => {
  const city = await as("helan");
  await city.goto("/w/jingyuan/common-issues");
  const clicks = await effort(city, "city turns a common issue into an issued notice");
  const click = async (name: string | RegExp) => {
    await city
      .getByRole("button", { name })
      .or(city.getByRole("link", { name }))
      .or(city.getByRole("checkbox", { name }))
      .last()
      .click();
  };
  await click("生成通报");
  await city.getByLabel("正文").fill("请对照青榆县的做法逐村自查，立行立改。");
  await city.getByLabel("必答问题", { exact: false }).fill("是否逐村核对");
  await click(/^县区（0\/3）/);
  await click("保存草稿");
  await expect(city.getByText(/“青榆县”，与青榆县的机构名称相同/)).toBeVisible();
  await clicks.aside(async () => {
    await city.getByRole("link", { name: /^修\s*改$/ }).click();
    await city.getByLabel("正文").fill("请对照问题逐村自查，立行立改。");
    await city.getByRole("button", { name: "保存草稿" }).click();
    await expect(city.getByText("可能指认来源单位")).toHaveCount(0);
  });
  await click(/^送\s*审$/);
  await click(/^送\s*审$/);
  await expect(city.getByText("待签发").first()).toBeVisible();
  await click(/^签\s*发$/);
  await click(/^签\s*发$/);
  await prove(city);
  await expect(city.getByText("已签发：靖巡办通〔2026〕2号")).toBeVisible();
  await clicks.within({ presses: 8 });

  const county = await as("guxiaolan");
  await county.goto("/w/qingyu/linkage");
  await row(county, "靖巡办通〔2026〕2号").getByRole("link").click();
  await county.getByRole("button", { name: /^签\s*收$/ }).click();
  await county
    .getByRole("dialog")
    .getByRole("button", { name: /^签\s*收$/ })
    .click();
  await expect(county.getByRole("status").getByText("已签收")).toBeVisible();
  await county.getByRole("button", { name: "报送自查报告" }).click();
  await county.getByLabel("检查数").fill("12");
  await county.getByLabel("自查发现").fill("4");
  await county.getByLabel("立行立改").fill("5");
  await county.getByLabel("是否逐村核对").fill("已核对");
  await county.getByRole("button", { name: "报送报告" }).click();
  await expect(county.getByText("立行立改数不能大于自查发现数。")).toBeVisible();
  await county.getByLabel("立行立改").fill("3");
  await county.getByRole("button", { name: "报送报告" }).click();
  await expect(county.getByText("已报送自查报告")).toBeVisible();

  await city.reload();
  await city.getByRole("button", { name: "审核报告" }).click();
  await city.getByRole("button", { name: "采认报告" }).click();
  await expect(city.getByText("已采认：青榆县")).toBeVisible();
});

test("counts lead from the province to a row, and back the same way", async ({ as }) => {
  const page = await as("zhouyiheng");
  await page.goto("/w/lanhe/overview");
  const total = page.locator(".x-counts tfoot").first();
  for (const figure of ["31", "468", "296", "26", "276/322", "296/468 · 63.2%", "85.7%"]) {
    await expect(total).toContainText(figure);
  }
  await expect(page.getByRole("link", { name: /北塬区 98\.6%.*高于/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /青榆县 82\.0%.*无明显差别/ })).toBeVisible();
  await page.getByLabel("排序").click();
  await page.getByText("按按期率排序").click();
  await expect(page.getByText("样本量小，区间重叠的县之间不宜排名。")).toBeVisible();

  await page.getByRole("link", { name: "靖原市（3 个县区）" }).click();
  await expect(page.getByText("上级视角（只读）：澜河省 → 靖原市")).toBeVisible();
  await expect(page.getByRole("link", { name: /青榆县 82\.0%.*低于/ })).toBeVisible();
  await page.getByRole("link", { name: "北塬区", exact: true }).first().click();
  await page.getByRole("link", { name: "柳湾镇党委" }).click();
  await expect(page.getByText("符合条件 17 个问题")).toBeVisible();
  await row(page, "BY-04-03-021").getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("BY-04-03-021");
  for (const there of ["符合条件 17 个问题", "北塬区各单位整改情况", "靖原市整改情况"]) {
    await page.goBack();
    await expect(page.getByText(there).first()).toBeVisible();
  }
});
