// More time for one item (UX S14, S15): the unit asks, its head signs, the director decides. Only the decision moves the
// day; the history keeps both, and a second request is one too many.

import type { Page } from "@playwright/test";
import { expect, test } from "../people";
import { decideRequest, prove, uploadEvidence } from "../steps";

/** Opens 申请延期 from the menu of rarer actions. */
async function ask(page: Page) {
  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("menuitem", { name: "申请延期" }).click();
  return page.getByRole("dialog", { name: /申请延期/ });
}

test("a unit asks for more time, its head signs, the director approves; the clock's history keeps every day", async ({
  as,
}) => {
  const unit = await as("yinxiaoyu");
  await unit.goto("/w/qingyu/ledger?state=working&sort=-due");
  const link = unit.locator("[data-object] .x-number-cell a").first();
  const number = (await link.textContent()) as string;
  await link.click();
  await expect(unit.getByRole("heading", { level: 1 })).toContainText(number);
  await uploadEvidence(unit, "汛期停工通知.png");
  const history = unit.locator(".x-panel", { hasText: "期限沿革" });
  await expect(history.getByRole("listitem")).toHaveCount(1);

  const dialog = await ask(unit);
  await expect(dialog.getByText("可延期 1 次，已延期 0 次", { exact: false })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "提出申请" })).toBeDisabled();
  const latest = ((await dialog.getByText(/最晚可延至/).textContent()) as string).match(
    /最晚可延至 ([\d-]+)/,
  )?.[1] as string;
  await dialog.getByLabel("新期限").fill(latest);
  await dialog.getByLabel("新期限").press("Enter");
  await dialog.getByLabel("申请原因").fill("汛期停工一个月，主体工程顺延");
  await dialog.getByLabel("汛期停工通知.png").check();
  await dialog.getByRole("button", { name: "提出申请" }).click();
  await expect(unit.getByText(`已提出延期申请：${number}，等待主要负责人签署`)).toBeVisible();
  const panel = (page: Page) => page.locator(".x-panel", { hasText: "申请期限" });
  await expect(panel(unit)).toContainText("待签署");
  await expect(unit.locator(".x-page-head, header").getByText("延期申请中").first()).toBeVisible();
  await expect(history.getByRole("listitem")).toHaveCount(1);

  const head = await as("caojianping");
  await head.goto("/w/qingyu/todo");
  await head.locator("[data-object]", { hasText: "申请延期至" }).click();
  await head.getByRole("button", { name: "签署", exact: true }).click();
  await expect(head.getByRole("dialog").getByLabel("承诺")).toHaveValue(/真实性负责/);
  await head.getByRole("dialog").getByRole("button", { name: "暂不签署" }).click();
  await decideRequest(head, "签署", "承诺");
  await prove(head);
  await expect(head.getByText(`已签署延期申请：${number}，等待巡察办主任审批`)).toBeVisible();

  const director = await as("guxiaolan");
  await director.goto("/w/qingyu/ledger?flag=extending");
  await director.locator("[data-object] .x-number-cell a", { hasText: number }).click();
  await decideRequest(director, "批准", "审批意见", "情况属实，同意延期");
  await prove(director);
  await expect(director.getByText(`已批准延期：${number}`)).toBeVisible();
  await expect(panel(director)).toContainText("已批准");
  await expect(director.locator(".x-panel", { hasText: "期限沿革" }).getByRole("listitem").first()).toContainText(
    latest,
  );

  await unit.reload();
  await expect(history.getByRole("listitem")).toHaveCount(2);
  await expect(history.getByRole("listitem").first()).toContainText("延期");
  const second = await ask(unit);
  await expect(second.getByText("可延期 1 次，已延期 1 次", { exact: false })).toBeVisible();
  await expect(second.getByRole("button", { name: "提出申请" })).toBeDisabled();
});

test("a party takes a review in hand; the others see who has it, and the director releases it", async ({ as }) => {
  const discipline = await as("shaofeng");
  await discipline.goto("/w/qingyu/review");
  const side = (page: Page) => page.getByRole("complementary", { name: "审核意见" });
  const number = (await discipline.locator(".x-review-title a").textContent()) as string;
  await expect(side(discipline)).toContainText(/\d\/2 已审，等待：纪委监委.*（(剩|逾期|今天)/);
  await discipline.getByRole("button", { name: "认领", exact: true }).click();
  await expect(side(discipline)).toContainText("纪委监委：我已认领");
  const director = await as("guxiaolan");
  await director.goto("/w/qingyu/review");
  await director.locator(".x-review-queue button", { hasText: number }).click();
  await expect(side(director)).toContainText("纪委监委：邵峰已认领");
  await director.getByRole("button", { name: "放回" }).click();
  await expect(side(director)).not.toContainText("已认领");
  await discipline.reload();
  await expect(discipline.getByRole("button", { name: "认领", exact: true })).toBeVisible();
});
