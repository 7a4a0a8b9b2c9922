// 点人点事: the office enters who was named at the secretary's meeting; the unit answers, the director closes.

import { expect, test } from "../people";
import { prove } from "../steps";

test("a task from the secretary's meeting is entered, answered by the unit and closed by the director", async ({
  as,
}) => {
  test.setTimeout(180_000);
  const director = await as("geyajun");
  await director.setViewportSize({ width: 1366, height: 768 });
  await director.goto("/w/songdu/directives");
  await director.getByRole("button", { name: "登记交办" }).click();
  const form = director.getByRole("dialog", { name: "登记交办" });
  await form.getByLabel("会议", { exact: true }).fill("县委书记专题会议");
  await form.getByLabel("责任单位").click();
  await director.keyboard.type("农业农村");
  await director.keyboard.press("Enter");
  await form.getByLabel("点到的人").fill("县农业农村局分管领导");
  await form.getByLabel("交办事项").fill("机耕路损毁问题要现场办结。");
  await form.getByLabel("办理期限").fill("2026-12-11");
  await form.getByLabel("办理期限").press("Enter");
  await director.screenshot({ path: "test-results/directive-form-1366.png" });
  await form.getByRole("button", { name: "登记交办" }).click();
  await expect(director.getByText("已交办：县农业农村局党组")).toBeVisible();

  const head = await as("fengli", { width: 390, height: 844 });
  await head.goto("/w/songdu/todo");
  await head.locator("li[data-object]", { hasText: "机耕路" }).click();
  await head.getByText("机耕路损毁问题要现场办结。").first().click();
  const card = head.locator(".ant-drawer-body");
  await expect(card).toContainText("县农业农村局分管领导");
  await head.screenshot({ path: "test-results/directive-unit-390.png" });
  await card.getByRole("button", { name: "提交答复" }).click();
  const answer = head.getByRole("dialog", { name: "提交答复" });
  await answer.getByLabel("办理情况").fill("12月8日现场修复并由村民代表验收。");
  await answer.getByRole("button", { name: "提交答复" }).click();
  await expect(head.getByText("已答复：县农业农村局党组")).toBeVisible();
  await expect(head.getByText("林区道路")).toHaveCount(0);

  await director.goto("/w/songdu/directives");
  await director.locator("[data-object]", { hasText: "机耕路" }).getByText("待审核").click();
  const own = director.locator(".ant-drawer-body");
  await expect(own).toContainText("由村民代表验收");
  await director.screenshot({ path: "test-results/directive-answered-1366.png" });
  await own.getByRole("button", { name: "办结" }).click();
  const close = director.getByRole("dialog", { name: "办结" });
  await close.getByLabel("办结意见").fill("已现场核实，办结。");
  await close.getByRole("button", { name: "办结", exact: true }).click();
  await prove(director);
  await expect(director.getByText("已办结：县农业农村局党组")).toBeVisible();
  await director.setViewportSize({ width: 1920, height: 1080 });
  await director.goto("/w/songdu/directives");
  await expect(director.locator("[data-object]", { hasText: "机耕路" })).toContainText("已办结");
  await director.screenshot({ path: "test-results/directive-list-1920.png" });

  // The city above has its own meetings, and sees nothing of the county's.
  const city = await as("shenruogu");
  await city.goto("/w/wanglan/directives");
  await expect(city.getByText("还没有点人点事事项")).toBeVisible();
});
