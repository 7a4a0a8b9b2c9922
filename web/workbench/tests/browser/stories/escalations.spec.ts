// 提请统筹: matters of two counties are handled as one by their city, and neither county learns of the other; the
// clock of an item stands still once that is approved; an answer is disputed once.

import type { Locator, Page } from "@playwright/test";
import { expect, row, test } from "../people";
import { prove } from "../steps";

// A button that was just busy still has its sign beside its words.
const spaced = (words: string) => new RegExp(`^(loading )?${[...words].join("\\s*")}$`);

/** Opens the matter about a finding, which the list shows under its title. */
async function matter(page: Page, office: string, title: string): Promise<void> {
  await page.goto(`/w/${office}/escalations`);
  await row(page, title).getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(title);
}

const behind = ["并案", "提请上级", "批准停止计时", "提出异议"];

/** Does one act: from its button, or from those behind 「更多」. */
async function act(page: Page, name: string, fill?: (dialog: Locator) => Promise<void>): Promise<void> {
  if (behind.includes(name)) {
    await page.getByRole("button", { name: spaced("更多") }).click();
    await page.getByRole("menuitem", { name }).click();
  } else {
    await page
      .getByRole("main")
      .getByRole("button", { name: spaced(name) })
      .click();
  }
  const dialog = page.getByRole("dialog");
  await fill?.(dialog);
  await dialog.getByRole("button", { name: spaced(name) }).click();
  const proof = page.getByRole("link", { name: "验证身份" }).or(page.getByRole("button", { name: "验证身份" }));
  await expect(proof.or(page.getByText(`已${name}`)).first()).toBeVisible();
  if (await proof.isVisible()) await prove(page);
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

const mine = "集体资产管护经费列支口径不一";
const theirs = "高标准农田管护经费渠道不明确";

test("two counties' matters are handled as one, and each sees its own alone", async ({ as }) => {
  test.setTimeout(300_000);
  const county = await as("guxiaolan");
  await county.goto("/w/qingyu/ledger?state=working&q=石槽镇");
  const link = county.locator("[data-object] .x-number-cell a").first();
  const number = (await link.textContent()) as string;
  await link.click();
  await county.getByRole("link", { name: "提请统筹" }).click();
  for (const [label, text] of [
    ["事项名称", mine],
    ["已做工作", "三次会商。"],
    ["超出本级的原因", "列支范围由市级规定。"],
    ["请求事项", "请统一口径。"],
  ] as const) {
    await county.getByLabel(label).fill(text);
  }
  await county.getByRole("button", { name: "保存草稿" }).click();
  await expect(county.getByRole("heading", { level: 1 })).toContainText(mine);
  await act(county, "送本级审批");
  await act(county, "批准上报");

  const city = await as("helan", { width: 1366, height: 768 });
  for (const title of [theirs, mine]) {
    await matter(city, "jingyuan", title);
    await act(city, "受理");
  }
  await act(city, "并案", async (dialog) => {
    await dialog.getByRole("checkbox", { name: new RegExp(theirs) }).check();
  });
  await expect(city.getByText("并案事项（另 1 件）")).toBeVisible();
  await act(city, "研究决定", async (dialog) => {
    await expect(dialog.getByText("将同时办理并案的 2 件事项")).toBeVisible();
    await dialog.getByLabel("承办单位").fill("市财政局");
    await dialog.getByLabel("办理期限").fill("2026-12-18");
    await dialog.getByLabel("办理期限").press("Enter");
    await dialog.getByLabel("决定内容").fill("由市财政局牵头，北塬区配合。");
    await dialog.getByRole("button", { name: spaced("研究决定") }).click();
    await prove(city);
    await expect(dialog.getByText("不能写明是哪些单位", { exact: false })).toBeVisible();
    await dialog.getByLabel("决定内容").fill("由市财政局牵头，统一列支口径。");
  });
  await expect(city.getByText("采纳交办", { exact: true })).toBeVisible();

  await matter(county, "qingyu", mine);
  await expect(county.getByText("市财政局", { exact: true })).toBeVisible();
  await expect(county.getByRole("main")).not.toContainText("北塬");
  await expect(county.getByRole("main")).not.toContainText(theirs);
  await expect(county.getByText("并案事项", { exact: false })).toHaveCount(0);
  await act(county, "批准停止计时", (dialog) => dialog.getByLabel("停止计时的理由").fill("等待市级统一口径"));
  await expect(county.getByText("问题已停止计时")).toBeVisible();
  await county.getByRole("link", { name: number }).click();
  await expect(county.getByText("等待市级统一口径").first()).toBeVisible();
  await county.goto("/w/qingyu/unit-overview");
  await expect(county.getByText(/经批准停止计时：.*1 件仍在停止/)).toBeVisible();

  await matter(city, "jingyuan", theirs);
  await expect(city.getByText("市财政局", { exact: true })).toBeVisible();
  await act(city, "答复", (dialog) => dialog.getByLabel("答复内容").fill("在公用经费中列支。"));
  await matter(county, "qingyu", mine);
  await act(county, "提出异议", (dialog) => dialog.getByLabel("对答复的异议").fill("公用经费已无余额。"));
  await expect(county.getByText("对答复有异议：公用经费已无余额。")).toBeVisible();
  await matter(city, "jingyuan", mine);
  await act(city, "答复", (dialog) => dialog.getByLabel("答复内容").fill("由市级专项列支。"));
  await matter(city, "jingyuan", theirs);
  await expect(city.getByText("在公用经费中列支。").first()).toBeVisible(); // the dispute was not theirs
  await matter(county, "qingyu", mine);
  await expect(county.getByRole("button", { name: spaced("提出异议") })).toHaveCount(0);
  await act(county, "确认答复");
  await expect(county.getByText("落实中").first()).toBeVisible();
  await expect(county.getByText("问题已停止计时")).toHaveCount(0);
});
