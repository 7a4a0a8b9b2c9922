// 回头看: hidden until its notice, two people look, the report waits for all of it (TRUST 2.2 row 4).

import { expect, test } from "../people";
import { prove } from "../steps";

test("a follow-up is hidden from its unit until the notice, and two people look at a problem", async ({ as }) => {
  const director = await as("guxiaolan");
  await director.goto("/w/qingyu/followups");
  await expect(director.locator("[data-object]", { hasText: "十届县委第六轮巡察回头看" })).toContainText("草拟");

  // What speaks for a unit is said with its rows; any unit may be chosen.
  await director.getByRole("link", { name: "开展回头看" }).click();
  await director.getByLabel("名称").fill("水务系统回头看");
  await expect(director.getByText(/采用全部建议/)).toBeVisible();
  await director.getByRole("checkbox", { name: "选择县水务局党组" }).check();
  await director.getByLabel("开始日期").fill("2026-11-20");
  await director.getByLabel("开始日期").press("Enter");
  for (const person of ["何静", "彭程"]) {
    await director.getByLabel("核查人员（至少两人）").fill(person);
    await director.getByTitle(new RegExp(`^${person}`)).click();
  }
  await director.keyboard.press("Escape");
  await expect(director.locator(".ant-select-dropdown:visible")).toHaveCount(0);
  await director.getByLabel("组长").click();
  await director.locator(".ant-select-dropdown:visible").getByTitle(/^何静/).click();
  await director.getByRole("button", { name: "保存方案" }).click();
  await expect(director.getByText("已保存回头看方案：水务系统回头看")).toBeVisible();
  const address = new URL(director.url()).pathname;

  const head = await as("caojianping");
  await head.goto("/w/qingyu/followups");
  await expect(head.getByText("还没有通知本单位的回头看。")).toBeVisible();
  await head.goto(address);
  await expect(head.getByText(/没有查看此内容的权限|没有找到/)).toBeVisible();

  await director.getByRole("button", { name: "核对并通知" }).click();
  await director.getByRole("button", { name: "通知单位", exact: true }).click();
  await prove(director);
  await expect(director.getByText("已通知单位：水务系统回头看")).toBeVisible();
  await director.getByRole("button", { name: "进驻" }).click();
  await expect(director.getByText("已进驻：水务系统回头看")).toBeVisible();
  await expect(director.getByText(/还缺：\d+ 项的两人核实/)).toBeVisible();

  const first = await as("hejing");
  await first.goto(address);
  await first.getByRole("link", { name: "县水务局党组" }).click();
  const problem = first.locator(".x-compare section").first();
  await problem.getByRole("button", { name: "记录结论" }).click();
  const dialog = first.getByRole("dialog");
  await dialog.getByLabel("未到位").check();
  await dialog.getByLabel("事实").fill("现场查看，巡查记录缺少九月以后的部分。");
  await dialog.getByRole("button", { name: "记录结论" }).click();
  await expect(first.getByText(/已记录核查结论/)).toBeVisible();
  await expect(problem.getByRole("button", { name: "核对无误" })).toHaveCount(0);
  const sheet = new URL(first.url()).pathname;

  const second = await as("pengcheng");
  await second.goto(sheet);
  await second.locator(".x-compare section").first().getByRole("button", { name: "核对无误" }).click();
  await expect(second.getByText(/已核对/)).toBeVisible();

  // The unit sees its sheet, and no verdict before the report.
  await head.goto("/w/qingyu/followups");
  await head.getByRole("link", { name: "水务系统回头看" }).click();
  await expect(head.getByText("核查结论在报告后显示。")).toBeVisible();
  await expect(head.locator(".x-compare section").first()).toBeVisible();
  await expect(head.getByText("巡查记录缺少九月以后的部分")).toHaveCount(0);
});
