// The cockpit of a city and of a province: every number opens its rows, every chart is a table too, Back finds its place.

import { expect, test } from "./people";

test("a city goes from a number to its rows and back to the same place", async ({ as }) => {
  const city = await as("helan", { width: 1366, height: 768 });
  await city.goto("/w/jingyuan/overview");
  const heat = city.getByRole("table", { name: "各地区九项指标" });
  await expect(heat.getByRole("columnheader")).toHaveCount(10);
  await heat.getByRole("button", { name: "按期率" }).click();
  await expect(city.getByText(/按期销号 ÷ 应销/)).toBeVisible();

  const cell = heat.getByRole("link", { name: /^青榆县 未启动/ });
  const n = (await cell.textContent())?.trim();
  await city.locator("#main").evaluate((main) => main.scrollTo(0, 200));
  await cell.click();
  await expect(city.getByText(`符合条件 ${n} 个问题`)).toBeVisible();
  await city.goBack();
  await expect(cell).toBeVisible();
  await expect.poll(() => city.locator("#main").evaluate((main) => main.scrollTop)).toBeGreaterThan(100);

  const open = city.locator(".x-panel", { hasText: "未销号问题分布" });
  const shown = await open.getByRole("link", { name: /^青榆县 未销号/ }).getAttribute("aria-label");
  await open.getByRole("button", { name: "看表格" }).click();
  const row = open.getByRole("row", { name: /青榆县/ });
  expect(shown).toContain(` ${(await row.getByRole("cell").last().textContent())?.trim()} 个`);

  const months = city.locator(".x-panel", { hasText: "反馈累计与销号累计" });
  await months.getByRole("button", { name: "看表格" }).click();
  await expect(months.getByRole("row", { name: /^2026-07 / })).toBeVisible();

  const plot = city.locator(".x-panel", { hasText: "按期率与区间" });
  await expect(plot.getByRole("link", { name: /^青榆县 .*本市平均/ })).toBeVisible();
  await plot.getByText("全省平均", { exact: true }).click();
  await expect(plot.getByRole("link", { name: /^青榆县 .*全省平均/ })).toBeVisible();
  await expect(plot.getByRole("link", { name: /本市平均/ })).toHaveCount(0);

  const download = city.waitForEvent("download");
  await city.getByRole("button", { name: "导出 Excel" }).click();
  expect((await download).suggestedFilename()).toMatch(/^靖原市.*整改情况.*\.xlsx$/);
});

test("a province sees its cities first, and on a wall the page alone", async ({ as }) => {
  const province = await as("zhouyiheng", { width: 1920, height: 1080 });
  await province.goto("/w/lanhe/overview");
  const heat = province.getByRole("table", { name: "各地区九项指标" });
  await expect(heat.getByRole("row")).toHaveCount(3);
  await province.getByText("按县区", { exact: true }).click();
  await expect(heat.getByRole("row")).toHaveCount(7);
  const plot = province.locator(".x-panel", { hasText: "按期率与区间" });
  await plot.getByText("本市平均", { exact: true }).click();
  await expect(plot.getByRole("link", { name: /靖原市平均/ })).toHaveCount(3);
  await expect(plot.getByRole("link", { name: /望澜市平均/ })).toHaveCount(3);
  await province.getByRole("link", { name: "投影" }).click();
  await expect(province.locator("html")).toHaveCSS("color-scheme", "dark");
  await expect(province.getByRole("navigation", { name: "主导航" })).toHaveCount(0);
  await expect(province.getByText("本系统不得存储、处理、传输国家秘密")).toBeVisible();
  await province.getByRole("link", { name: "退出投影" }).click();
  await expect(province.locator("html")).toHaveCSS("color-scheme", "light");
});
