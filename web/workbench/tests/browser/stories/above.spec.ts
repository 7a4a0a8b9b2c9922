// More time that the office one level above decides: the county passed the request up, the city decides it with an
// earlier day, and the county's clock moves by itself.

import type { Page } from "@playwright/test";
import { expect, test } from "../people";
import { prove } from "../steps";

async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}

const day = /\d{4}-\d{2}-\d{2}/;

test("a county's request is decided by the city; the answer comes back, and the clock moves once", async ({ as }) => {
  test.setTimeout(180_000);
  const county = await as("geyajun");
  await county.setViewportSize({ width: 1366, height: 768 });
  await county.goto("/w/songdu/raised-extensions");
  const row = county.locator("[data-object]", { hasText: "待望澜市批" });
  const number = (await row.locator(".x-number-cell a").textContent()) as string;
  await county.screenshot({ path: "test-results/raised-county-1366.png" });
  await county.goto("/w/songdu/ledger?flag=extending");
  await county.locator("[data-object] .x-number-cell a", { hasText: number }).click();
  const panel = county.locator(".x-panel", { hasText: "申请期限" });
  await expect(panel).toContainText("待望澜市批");
  await expect(panel).toContainText("转报意见");
  await expect(panel.getByRole("button")).toHaveCount(0);
  const history = county.locator(".x-panel", { hasText: "期限沿革" }).getByRole("listitem");
  const before = await history.count();
  await county.screenshot({ path: "test-results/raised-item-1366.png", fullPage: true });

  const phone = await as("shenruogu", { width: 390, height: 844 });
  await phone.goto("/w/wanglan/todo");
  await phone.locator("li[data-object]", { hasText: number }).click();
  await expect(phone.locator(".x-approval")).toContainText("松渡县委巡察办");
  await expect(phone.locator(".x-approval")).toContainText("拟同意顺延");
  await fits(phone);
  await phone.screenshot({ path: "test-results/raised-card-390.png", fullPage: true });
  await phone.goto("/w/wanglan/raised-extensions");
  await expect(phone.locator("[data-object]", { hasText: number })).toBeVisible();
  await fits(phone);
  await phone.screenshot({ path: "test-results/raised-list-390.png", fullPage: true });

  const city = await as("shenruogu");
  for (const [width, height] of [
    [1920, 1080],
    [1366, 768],
  ] as const) {
    await city.setViewportSize({ width, height });
    await city.goto("/w/wanglan/raised-extensions");
    await expect(city.locator("[data-object]", { hasText: number })).toContainText("待望澜市批");
    await city.screenshot({ path: `test-results/raised-list-${width}.png` });
  }
  await city.locator("[data-object] .x-number-cell a", { hasText: number }).click();
  await expect(city.getByRole("heading", { level: 1 })).toContainText(number);
  await expect(city.getByText("招标工作情况说明.docx")).toBeVisible();
  await expect(city.locator(".x-panel", { hasText: "期限沿革" }).getByRole("listitem")).toHaveCount(before);
  await city.screenshot({ path: "test-results/raised-open-1366.png", fullPage: true });
  await city.getByRole("button", { name: "批准", exact: true }).click();
  const asked = await city.getByRole("dialog").getByLabel("批准期限").inputValue();
  expect(asked).toMatch(day);
  await city.screenshot({ path: "test-results/raised-dialog-1366.png" });
  await city.getByRole("dialog").getByRole("button", { name: "暂不批准" }).click();
  const earlier = new Date(Date.parse(`${asked}T00:00:00Z`) - 5 * 86_400_000).toISOString().slice(0, 10);

  // On the phone a day earlier than the one asked for is granted as well.
  await phone.goto("/w/wanglan/todo");
  await phone.locator("li[data-object]", { hasText: number }).click();
  const granted = phone.locator(".x-approval").getByLabel("批准期限");
  await expect(granted).toHaveValue(asked);
  await granted.fill(earlier);
  await granted.press("Enter");
  await fits(phone);
  await phone.screenshot({ path: "test-results/raised-day-390.png" });
  await phone.getByRole("button", { name: "批准", exact: true }).click();
  await prove(phone);
  await expect(phone.getByText(`已批准：${number}`)).toBeVisible();

  await expect(async () => {
    await county.reload();
    await expect(history).toHaveCount(before + 1, { timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await expect(history.first()).toContainText(earlier);
  await expect(history.first()).toContainText("经望澜市委巡察办批准延期");
  await expect(panel).toContainText("已批准");
  await county.screenshot({ path: "test-results/raised-answered-1366.png", fullPage: true });
});
