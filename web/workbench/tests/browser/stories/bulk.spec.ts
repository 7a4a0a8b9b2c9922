// Many rows at once (UX 6.1, rows 12 and 13): items that are urged, copies that are marked as read.

import { expect, row, test } from "../people";

test("twelve items are urged at once; the one at its last step says so and stays selected", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?tab=problems&state=open,working,returned&sort=number");
  const boxes = page.locator("[data-object] input[type=checkbox]");
  await expect(boxes.nth(11)).toBeVisible();
  for (let i = 0; i < 12; i++) await boxes.nth(i).check();
  const bar = page.locator(".x-bulk");
  await expect(bar.getByText("已选 12 个问题")).toBeVisible();
  await bar.getByRole("button", { name: "批量催办" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "批量催办", exact: true }).click();
  await expect(
    bar.getByText("成功 11 个问题，未处理 1 个问题：QY-06-01-001 已到最后一步：提请领导小组研究问责"),
  ).toBeVisible();
  await expect(bar.getByText("已选 1 个问题")).toBeVisible();
  await expect(row(page, "QY-06-01-001").getByRole("checkbox")).toBeChecked();

  // The unit sees who urged; the day's second time nothing goes out.
  const urged = page.locator("[data-object]").nth(1);
  await urged.locator(".x-number-cell a").click();
  await page.getByRole("tab", { name: "催办" }).click();
  const line = page.getByRole("row", { name: /^加催/ });
  await expect(line).toContainText("郑一川");
  await expect(line).toContainText("已发出");
});

test("three copies are marked as read and taken back within ten seconds", async ({ as }) => {
  const page = await as("zhengyichuan");
  await expect(page).toHaveTitle(/^\(\d+\) 我的待办/);
  const title = await page.title();
  await page.getByRole("navigation", { name: "我的待办" }).getByRole("link", { name: "抄送" }).click();
  const rows = page.locator("[data-object]");
  await expect(rows.nth(2)).toBeVisible();
  const numbers = (await rows.locator(".x-number-cell a").allTextContents()).slice(0, 3);
  const mark = async () => {
    for (let i = 0; i < 3; i++) await rows.nth(i).getByRole("checkbox").check();
    await page.locator(".x-bulk").getByRole("button", { name: "标记已阅" }).click();
    for (let i = 0; i < 3; i++) await expect(rows.nth(i)).toContainText("已阅");
  };
  await mark();
  await page.getByRole("button", { name: /^撤销/ }).click();
  for (let i = 0; i < 3; i++) await expect(rows.nth(i)).toContainText("未阅");
  await page.reload();
  for (let i = 0; i < 3; i++) await expect(rows.nth(i)).toContainText("未阅");

  // Not taken back, they are read for good, also when the page goes before the ten seconds do.
  await mark();
  const written = page.waitForResponse((response) => response.url().endsWith("/copies/read"));
  await page.getByRole("button", { name: "关闭提示" }).last().click();
  expect((await written).status()).toBe(204);
  await page.reload();
  for (const number of numbers) await expect(row(page, number).first()).toContainText("已阅");
  await page.goto("/w/qingyu/todo");
  await expect(page).toHaveTitle(title); // copies never count
});
