// 整改成效评估: the unit's word, the group's score with reasons and rows, the decision, the notice (S19).

import { expect, test } from "../people";
import { prove } from "../steps";

test("a unit is evaluated from its own word to the notice; the score comes from what was frozen", async ({ as }) => {
  test.setTimeout(300_000);
  const director = await as("guxiaolan");
  await director.goto("/w/qingyu/evaluations");
  await expect(director.getByText("集中整改期满后生成评估表。")).toBeVisible();
  await director.getByRole("button", { name: "生成评估表" }).click();
  await director.getByRole("dialog").getByRole("button", { name: "生成评估表" }).click();
  await expect(director.getByText(/已生成 \d+ 份评估表/)).toBeVisible();

  const liaison = await as("yinxiaoyu");
  await liaison.goto("/w/qingyu/evaluations");
  await expect(liaison.locator("[data-object]")).toHaveCount(1);
  await liaison.getByRole("link", { name: "县水务局党组" }).click();
  await expect(liaison.getByRole("heading", { level: 1 })).toContainText("县水务局党组整改成效评估");
  const address = new URL(liaison.url()).pathname;
  for (const [aspect, points] of [
    ["lead", "15"],
    ["duty", "14.5"],
    ["tasks", "58"],
    ["content", "9.5"],
  ] as const) {
    await liaison.locator(`#self-${aspect}`).fill(points);
  }
  await liaison.getByLabel("自评总体说明").fill("对照评分表逐项自查。");
  await liaison.getByRole("button", { name: "保存自评" }).click();
  await expect(liaison.getByText("已保存自评")).toBeVisible();

  const head = await as("caojianping");
  await head.goto(address);
  await head.getByRole("button", { name: "核对并签署" }).click();
  await expect(head.getByText("14.5 / 15 分")).toBeVisible();
  await head.getByRole("button", { name: "签署", exact: true }).click();
  await prove(head);
  await expect(head.getByText("已签署自评，送评估组评分")).toBeVisible();

  await director.goto(address);
  await director.getByRole("button", { name: "组建评估组" }).click();
  const group = director.getByRole("dialog");
  await group.getByLabel("评估组成员").click();
  for (const person of ["郑一川（巡察办）", "邵峰（纪委监委）", "白雪琴（组织部）"]) {
    await group.getByLabel("评估组成员").fill(person.slice(0, 2));
    await director.getByTitle(person).click();
  }
  await director.keyboard.press("Escape");
  await group.getByRole("button", { name: "组建评估组" }).click();
  await expect(director.getByText("已组建评估组：县水务局党组")).toBeVisible();

  // The commission's person follows what the rows say, and words one deduction of her own.
  const disc = await as("shaofeng");
  await disc.goto(address);
  await expect(disc.getByText(/系统建议：逾期 \d+ 件，建议扣 [\d.]+ 分/)).toBeVisible();
  await disc.getByRole("button", { name: /采用全部建议/ }).click();
  await expect(disc.getByText("已保存评分")).toBeVisible();
  await disc.getByRole("button", { name: /填写\s*扣分项 1\.4/ }).click();
  const dialog = disc.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "保存扣分" })).toBeDisabled();
  await dialog.getByLabel(/扣分（最多/).fill("1");
  await dialog.getByLabel("理由").fill("第三季度没有专题研究。");
  await dialog.getByLabel(/依据/).click();
  await disc.locator(".ant-select-item-option:visible", { hasText: "QY-06-02-" }).first().click();
  await disc.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "保存扣分" }).click();
  await expect(dialog).toBeHidden();
  await expect(disc.getByText("理由：第三季度没有专题研究。")).toBeVisible();
  await expect(disc.getByText(/低于自评 [\d.]+ 分/).first()).toBeVisible();

  const officer = await as("zhengyichuan");
  await officer.goto(address);
  await expect(officer.getByRole("button", { name: "提交评估" })).toBeDisabled();
  for (const [label, count] of [
    ["given", "50"],
    ["returned", "45"],
    ["content", "31"],
    ["fair", "8"],
    ["discontent", "1"],
    ["unknown", "5"],
  ] as const) {
    await officer.locator(`#survey-${label}`).fill(count);
  }
  await officer.getByRole("button", { name: "保存测评" }).click();
  await expect(officer.getByText("已保存测评结果")).toBeVisible();
  await officer.getByRole("button", { name: "提交评估" }).click();
  await officer.getByRole("button", { name: "提交评估" }).click();
  await expect(officer.getByText(/已提交评估，送主任审核/)).toBeVisible();
  await expect(officer.getByText(/评分依据已冻结/)).toBeVisible();
  const total = (await officer.locator(".x-evaluation-total strong").textContent()) ?? "";

  await liaison.reload();
  await expect(liaison.locator(".x-evaluation-total")).toHaveCount(0);

  await director.goto(address);
  await director.getByRole("button", { name: "审核同意" }).click();
  await director.getByRole("dialog").getByRole("button", { name: "审核同意" }).click();
  await expect(director.getByText(/已审核，送领导小组审定/)).toBeVisible();

  const leader = await as("hansongnian", { width: 390, height: 844 });
  await leader.goto(address);
  await leader.getByRole("button", { name: "核对并审定" }).click();
  await leader.getByRole("button", { name: "审定", exact: true }).click();
  await prove(leader);
  await expect(leader.getByText(/已审定，待通报/)).toBeVisible();

  await officer.goto(address);
  await officer.getByRole("button", { name: "核对并通报" }).click();
  await officer.getByRole("button", { name: "通报", exact: true }).click();
  await expect(officer.getByText(/已通报：县水务局党组/)).toBeVisible();

  await liaison.reload();
  await expect(liaison.locator(".x-evaluation-total strong")).toHaveText(total);
  await expect(liaison.getByText(/县水务局党组.*整改成效评估：组织领导/)).toBeVisible();
});
