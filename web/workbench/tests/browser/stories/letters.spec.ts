// The letters of the ladder (UX S20): worded, signed, read, signed for, taken out as Word; and the board of all chains.

import { readFile } from "node:fs/promises";
import { expect, test } from "../people";
import { prove } from "../steps";

/** A signature waits for the portal's window. */
const slowly = { timeout: 30_000 };

test("a director words and signs a letter; the unit reads it and signs for it; the chain says when", async ({ as }) => {
  const director = await as("guxiaolan");
  await director.goto("/w/qingyu/reminders");
  await director.locator("[data-object]", { hasText: "QY-06-02-006" }).getByText("督办通知书").click();
  const sheet = director.getByRole("article");
  await expect(sheet).toContainText("（未签发稿，未编文号）");
  await expect(sheet).toContainText("第QY-06-02-006号问题");
  await expect(sheet).toContainText("2026年11月20日");
  await director.getByRole("button", { name: "修改要求" }).click();
  await director.getByLabel("文书的要求").fill("请于三日内提交佐证，并说明未按期完成的原因。");
  await director.getByRole("button", { name: "保存要求" }).click();
  await expect(sheet).toContainText("请于三日内提交佐证");
  await director.getByRole("button", { name: "签发文书" }).click();
  await prove(director);
  await expect(director.getByText(/^已签发/).first()).toBeVisible(slowly);

  const unit = await as("yinxiaoyu");
  await unit.goto("/w/qingyu/ledger?q=QY-06-02-006");
  await unit.locator("a", { hasText: "QY-06-02-006" }).first().click();
  await unit.getByRole("tab", { name: "催办" }).click();
  await unit.getByRole("link", { name: /督办通知书 青巡办督〔2026〕\d+号/ }).click();
  await expect(unit.getByRole("article")).toContainText("请于三日内提交佐证");
  await expect(unit.getByText(/尹小雨.*已阅/)).toBeVisible();
  await unit.getByRole("button", { name: /^签\s*收$/ }).click();
  await expect(unit.getByText(/已于 2026-11-20 .* 签收/)).toBeVisible(slowly);
  const [download] = await Promise.all([
    unit.waitForEvent("download"),
    unit.getByRole("button", { name: "下载 Word" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^青巡办督〔2026〕\d+号-QY-06-02-006\.docx$/);
  expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe("PK");

  await director.goto("/w/qingyu/chains");
  const chain = director.locator("[data-object]", { hasText: "QY-06-02-006" });
  await expect(chain).toContainText("已签收");
  await chain.locator("a", { hasText: "QY-06-02-006" }).click();
  await expect(director.getByText(/尹小雨 已阅 2026-11-20 \d\d:\d\d，签收 2026-11-20 \d\d:\d\d/)).toBeVisible();
});

test("the board of chains begins with the longest overdue, is filtered, and leaves as Excel", async ({ as }) => {
  const page = await as("geyajun");
  await page.goto("/w/songdu/chains");
  const rows = page.locator("[data-object]");
  await expect(rows.first()).toBeVisible();
  const days = (await rows.locator("td:nth-child(5)").allTextContents()).map((text) => Number(text) || 0);
  expect(days).toEqual([...days].sort((a, b) => b - a));
  const story = page.locator("[data-object]", { hasText: "SD-05-01-009" });
  await expect(story).toContainText("36");
  await expect(story).toContainText("T+30 提请领导小组研究问责");
  await page.goto("/w/songdu/chains?rung=T%2B30");
  await expect(story).toBeVisible();
  await expect(rows.filter({ hasNotText: "T+30" })).toHaveCount(0);
  await page.getByRole("button", { name: "导出" }).click();
  await page.getByRole("menuitem", { name: "Excel（当前列）" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page
      .getByRole("dialog")
      .getByRole("button", { name: /^导\s*出$/ })
      .click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^松渡县-督办台账-\d{8}-\d{4}\.xlsx$/);
});

test("the story's admonition has its talk, and a leader reads what is proposed", async ({ as }) => {
  const director = await as("geyajun");
  await director.goto("/w/songdu/chains");
  await director
    .locator("[data-object]", { hasText: "SD-05-01-009" })
    .locator("a", { hasText: "SD-05-01-009" })
    .click();
  await expect(director.getByText(/约谈 2026-11-03（冯立）/)).toBeVisible();
  await director.getByRole("link", { name: "告诫书 松巡办诫〔2026〕3号" }).click();
  await expect(director.getByRole("article")).toContainText("松巡办诫〔2026〕3号");
  await expect(director.getByRole("article")).toContainText("2026年10月30日");
  await expect(director.getByText("约谈记录")).toBeVisible();

  const leader = await as("luojingzhi");
  await leader.goto("/w/songdu/reminders");
  await leader.locator("[data-object]", { hasText: "SD-05-01-009" }).getByText("提请领导小组研究问责").click();
  await expect(leader.getByRole("article")).toContainText("松巡办诫〔2026〕3号");
  await leader.getByLabel("批示意见").fill("同意，请按干部管理权限办理");
  await leader.getByRole("button", { name: "同意提请" }).click();
  await prove(leader);
  await expect(leader.getByText(/^已同意/).first()).toBeVisible(slowly);
});
