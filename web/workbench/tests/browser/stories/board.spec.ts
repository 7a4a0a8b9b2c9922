// 挂牌督办: the city puts an item of a county on its board; the county reads it on the item, the cockpit counts it, and
// only the city takes it off.

import { expect, test } from "../people";
import { prove } from "../steps";

test("a city puts a county's item on its board; the county reads it, and the city takes it off", async ({ as }) => {
  test.setTimeout(180_000);
  const city = await as("helan");
  await city.setViewportSize({ width: 1366, height: 768 });
  await city.goto("/w/jingyuan/overview");
  await expect(city.getByRole("region", { name: "挂牌督办中" })).toContainText("没有");
  await city.goto("/w/jingyuan/ledger?below=shiqiaoling&status=working");
  const link = city.locator("[data-object] .x-number-cell a").first();
  const number = (await link.textContent()) as string;
  await link.click();
  await city.getByRole("button", { name: "挂牌督办" }).click();
  const put = city.getByRole("dialog", { name: `挂牌督办 ${number}` });
  await put.getByLabel("牵头领导").fill("卢景行，市委常委");
  await put.getByLabel("办结期限").fill("2026-12-31");
  await put.getByLabel("办结期限").press("Enter");
  await put.getByLabel("督办事项").fill("整改进度滞后");
  await put.getByLabel("摘牌条件").fill("措施全部落实，资料齐全。");
  await city.screenshot({ path: "test-results/board-put-1366.png" });
  await put.getByRole("button", { name: "挂牌督办" }).click();
  await prove(city);
  await expect(city.getByText("已挂牌督办：")).toBeVisible();
  await expect(city.locator(".x-panel", { hasText: "摘牌条件" })).toContainText("措施全部落实");
  await expect(city.getByRole("button", { name: "挂牌督办" })).toHaveCount(0);
  await city.screenshot({ path: "test-results/board-item-1366.png", fullPage: true });
  await city.goto("/w/jingyuan/overview");
  await city
    .getByRole("region", { name: "挂牌督办中" })
    .getByRole("link", { name: /石桥岭县 1 件/ })
    .click();
  await expect(city.locator("[data-object]", { hasText: number })).toContainText("挂牌督办中");

  const county = await as("liangchen");
  await county.setViewportSize({ width: 1920, height: 1080 });
  await county.goto("/w/shiqiaoling/board");
  const row = county.locator("[data-object]", { hasText: number });
  await expect(row).toContainText("卢景行，市委常委");
  await expect(county.getByRole("button", { name: "挂牌督办" })).toHaveCount(0);
  await row.getByText("整改进度滞后").click();
  const card = county.locator(".ant-drawer-body");
  await expect(card).toContainText("措施全部落实");
  await expect(card.getByRole("button", { name: "摘牌" })).toHaveCount(0);
  await county.screenshot({ path: "test-results/board-county-1920.png" });

  await city.locator("[data-object]", { hasText: number }).getByText("整改进度滞后").click();
  await city.locator(".ant-drawer-body").getByRole("button", { name: "摘牌" }).click();
  const off = city.getByRole("dialog", { name: /^摘牌/ });
  await off.getByLabel("摘牌理由").fill("措施已全部落实。");
  await off.getByRole("button", { name: "摘牌", exact: true }).click();
  await expect(city.getByText("已摘牌：")).toBeVisible();
  await county.reload();
  await expect(county.locator("[data-object]", { hasText: number })).toContainText("已摘牌");

  const stranger = await as("geyajun");
  await stranger.goto("/w/songdu/board");
  await expect(stranger.getByText("高标准农田项目管护资金拨付整改逾期未完成")).toBeVisible();
  await expect(stranger.getByText("整改进度滞后")).toHaveCount(0);
});
