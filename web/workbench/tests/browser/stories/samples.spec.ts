// Closed items looked at again from one level above: the city draws, reads one with a reason and refutes it; the
// county sees who looked and why, and its item goes back to work by itself.

import { expect, test } from "../people";
import { prove } from "../steps";

test("a city refutes what a county closed; the county sees who looked and why, and the item is reopened once", async ({
  as,
}) => {
  test.setTimeout(180_000);
  const city = await as("shenruogu");
  await city.setViewportSize({ width: 1366, height: 768 });
  await city.goto("/w/wanglan/samples");
  await city.getByRole("button", { name: "抽查已销号事项" }).click();
  const draw = city.getByRole("dialog", { name: "抽查已销号事项" });
  await draw.getByLabel("名称").fill("松渡县销号事项抽查");
  await draw.getByLabel("抽签比例").fill("10");
  for (const other of ["白芦县", "南汀区"]) await draw.getByLabel(other).uncheck();
  await city.screenshot({ path: "test-results/samples-draw-1366.png" });
  await draw.getByRole("button", { name: "抽取事项" }).click();
  await expect(city.getByRole("heading", { level: 1 })).toContainText("松渡县销号事项抽查");
  const rows = city.locator("[data-object]");
  const drawn = await rows.count();
  expect(drawn).toBeGreaterThan(1);
  await city.getByText("抽取依据和核对方法").click();
  await expect(city.getByText("种子", { exact: true })).toBeVisible();
  await city.screenshot({ path: "test-results/samples-list-1366.png", fullPage: true });
  const number = (await rows.first().locator(".x-number-cell a").textContent()) as string;

  // Nothing of the problem before a reason is given, and no verdict either.
  await rows.first().getByText("待核查").click();
  const drawer = city.locator(".ant-drawer-body");
  await expect(drawer).toContainText("写明理由查阅后显示问题内容");
  await expect(drawer.getByRole("button", { name: "确认到位" })).toHaveCount(0);
  await drawer.getByRole("button", { name: "查阅", exact: true }).click();
  const look = city.getByRole("dialog", { name: `查阅 ${number}` });
  await look.getByLabel("查阅理由").fill("逾期销号，核对台账");
  await look.getByRole("button", { name: "查阅", exact: true }).click();
  await expect(drawer).toContainText("反馈问题");
  await city.screenshot({ path: "test-results/samples-looked-1366.png" });
  await drawer.getByRole("button", { name: "认定未整改到位" }).click();
  const refute = city.getByRole("dialog", { name: `认定未整改到位 ${number}` });
  await refute.getByLabel("核查情况").fill("台账与现场不一致，一项措施没有落实。");
  await refute.getByLabel("重新整改期限").fill("2026-12-31");
  await refute.getByLabel("重新整改期限").press("Enter");
  await refute.getByRole("button", { name: "认定未整改到位" }).click();
  await prove(city);
  await expect(city.getByText(`已认定未整改到位：${number}`)).toBeVisible();

  // The county: the sample, the result on its item, who looked and why.
  const county = await as("geyajun");
  await county.setViewportSize({ width: 1366, height: 768 });
  await county.goto("/w/songdu/samples");
  await county.getByRole("link", { name: "松渡县销号事项抽查" }).click();
  const mine = county.locator("[data-object]", { hasText: number });
  await expect(async () => {
    await county.reload();
    await expect(mine).toContainText("已重新整改", { timeout: 2000 });
  }).toPass({ timeout: 90_000 });
  await expect(county.locator("[data-object]")).toHaveCount(drawn);
  await expect(county.getByRole("button", { name: "抽查已销号事项" })).toHaveCount(0);
  await county.screenshot({ path: "test-results/samples-county-1366.png", fullPage: true });
  await mine.locator(".x-number-cell a").click();
  const result = county.locator(".x-panel", { hasText: "望澜市委巡察办抽查" });
  await expect(result).toContainText("台账与现场不一致");
  await expect(result).toContainText("2026-12-31");
  await expect(county.getByText("整改中").first()).toBeVisible();
  await county.setViewportSize({ width: 1920, height: 1080 });
  await county.screenshot({ path: "test-results/samples-item-1920.png", fullPage: true });
  await county.getByRole("tab", { name: "日志" }).click();
  const log = county.getByRole("tabpanel", { name: "日志" });
  await expect(log).toContainText("逾期销号，核对台账");
  await expect(log).toContainText("上级抽查查阅");
  await county.goto("/w/songdu/looks");
  await expect(county.locator("[data-object]", { hasText: number }).first()).toContainText("逾期销号，核对台账");

  // Another city's county has nothing of it.
  const stranger = await as("guxiaolan");
  await stranger.goto("/w/qingyu/samples");
  await expect(stranger.getByText("2026年9月销号事项抽查")).toBeVisible();
  await expect(stranger.getByText("松渡县销号事项抽查")).toHaveCount(0);
});
