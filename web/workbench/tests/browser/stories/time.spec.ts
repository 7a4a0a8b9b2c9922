// What becomes of time: a long-term item that comes back, several requests in one list, and how far all is.

import { expect, test } from "../people";

test("the closing rate stands with its counts and the formula by which it was counted", async ({ as }) => {
  const office = await as("zhengyichuan");
  await office.goto("/w/qingyu/ledger");
  await expect(office.getByText(/销号率 = 已销号 ÷ 全部反馈问题/)).toBeVisible();
  await expect(office.locator(".x-closing strong")).toHaveText(/^\d+\/96 · \d+\.\d%$/);
  await office.screenshot({ path: "test-results/closing-ledger.png" });
  const unit = await as("yinxiaoyu");
  await unit.goto("/w/qingyu/home");
  await expect(unit.locator(".x-closing strong")).toHaveText(/^\d+\/22 · \d+\.\d%$/);
  await unit.screenshot({ path: "test-results/closing-home.png" });
  const city = await as("helan");
  await city.goto("/w/jingyuan/overview");
  await expect(city.locator(".x-formula")).toContainText("统一按靖原市的口径计算");
  await city.screenshot({ path: "test-results/closing-overview.png" });
});

test("a long-term item comes back as a task; what the office proposes waits for the commission", async ({ as }) => {
  const page = await as("liangchen");
  await page.goto("/w/shiqiaoling/ledger?only=long");
  await page.locator("[data-object] .x-number-cell a").first().click();
  const panel = page.getByRole("region", { name: "长期整改复核" });
  await expect(page.getByText("继续长期，2026-11-18", { exact: false }).first()).toBeVisible();
  await page.screenshot({ path: "test-results/longterm-item.png", fullPage: true });
  await page.getByRole("button", { name: "提出复核意见" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("下次复核日期").fill("2027-05-18");
  await dialog.getByLabel("下次复核日期").press("Enter");
  await dialog.getByLabel("理由").fill("编制批复尚未下达，继续按月跟踪。");
  await dialog.getByRole("checkbox").first().check();
  await page.screenshot({ path: "test-results/longterm-dialog.png" });
  await dialog.getByRole("button", { name: "提出复核意见" }).click();
  await expect(page.getByText(/已提出复核意见：.*等待纪委监委/)).toBeVisible();
  await expect(panel.or(page.locator(".x-panel")).getByText("等待：纪委监委").first()).toBeVisible();
});

test("several requests in one list: the head's signature is under it, each has its own answer", async ({ as }) => {
  const unit = await as("yinxiaoyu");
  await unit.goto("/w/qingyu/extension-lists/new");
  await expect(unit.getByRole("heading", { name: "批量申请延期" })).toBeVisible();
  await unit.getByRole("checkbox").first().check();
  await unit.screenshot({ path: "test-results/list-new.png" });
  const director = await as("geyajun");
  await director.goto("/w/songdu/ledger?flag=extending");
  await director.locator("[data-object] .x-number-cell a").first().click();
  await expect(director.getByText("待审批").first()).toBeVisible();
  await expect(director.getByRole("button", { name: "不予批准" })).toBeVisible();
  await director.screenshot({ path: "test-results/list-decide.png" });
});
