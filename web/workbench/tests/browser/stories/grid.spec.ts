// The three lists of one ledger (UX S14), and its cells filled in as in a spreadsheet.

import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../people";
import { pasteCells } from "../steps";

/** The tasks of one problem that the unit works on, in the order of their numbers. */
async function tasksOf(page: Page): Promise<string> {
  await page.goto("/w/qingyu/ledger?state=working&sort=-number");
  const number = (await page.locator("[data-object] .x-number-cell a").first().textContent()) as string;
  await page.goto(`/w/qingyu/ledger?tab=tasks&q=${number}&sort=number`);
  await expect(page.locator("[data-object]").first()).toBeVisible();
  return number;
}

/** The cells of a column, by its key. */
function cells(page: Page, column: string): Locator {
  return page.locator(`[data-cell$=" ${column}"]`);
}

test("one ledger, three lists: each says who and how many, and leads to the next", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger");
  await expect(page.getByText("共 96 个问题")).toBeVisible();
  await page.getByText("问题清单", { exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "举一反三" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "已追回（元）" })).toBeVisible();
  expect(await page.locator("[data-object]").count()).toBe(20);

  await page.getByText("任务清单", { exact: true }).click();
  await expect(page).toHaveURL(/tab=tasks/);
  await expect(page.getByText(/共 [\d,]+ 项任务/)).toBeVisible();
  await page.getByText("责任清单", { exact: true }).click();
  await expect(page.getByText(/共 \d+ 项责任/)).toBeVisible();
  await page.getByRole("columnheader", { name: "已逾期" }).click();
  await page.getByRole("columnheader", { name: "已逾期" }).click();
  await expect(page).toHaveURL(/sort=-overdue/);
  const overdue = page.locator("[data-object] .x-standing-danger a").first();
  const n = await overdue.textContent();
  await overdue.click();
  await expect(page.getByText(new RegExp(`符合条件 ${n} 项任务`))).toBeVisible();
  await expect(page.getByText("措施期限：已逾期")).toBeVisible();
  await page.goBack();
  await expect(page.getByText(/共 \d+ 项责任/)).toBeVisible();
});

test("a unit fills in cells by keyboard, takes one back, and a day that cannot be stays to be put right", async ({
  as,
}) => {
  const page = await as("yinxiaoyu");
  await tasksOf(page);
  const person = cells(page, "person").first();
  const before = await person.textContent();
  await person.click();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("尹小雨");
  await page.keyboard.press("Tab");
  await expect(person).toHaveText("尹小雨");
  await expect(page.getByText(/已保存：.*责任人/)).toBeVisible();

  // The day is the next cell: a past one is refused, and what was typed stays.
  const due = cells(page, "due").first();
  await expect(due).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("2026.1.5");
  await page.keyboard.press("Enter");
  await expect(due).toContainText("2026.1.5");
  await expect(page.getByText(/未保存：.*措施期限.*/)).toBeVisible();
  await due.click();
  await page.keyboard.press("Enter");
  await expect(due.locator("textarea")).toHaveValue("2026.1.5");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("2026年12月31日");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/已保存：.*措施期限/)).toBeVisible();
  await expect(page.getByText(/未保存/)).toBeHidden();

  // Escape leaves a cell as it was.
  await person.click();
  await page.keyboard.press("Enter");
  await page.keyboard.type("不要");
  await page.keyboard.press("Escape");
  await expect(person).toHaveText("尹小雨");
  await expect(person).toBeFocused();

  // Ctrl+Z takes the day back, then the person; nobody takes back a day that there was not.
  await page.keyboard.press("Control+Z");
  await expect(page.getByText("已撤销上一处修改").first()).toBeVisible();
  await page.keyboard.press("Control+Z");
  await expect(person).toHaveText(before as string);
});

test("a day is cleared in its cell where a measure may last, and refused elsewhere with the way there", async ({
  as,
}) => {
  const page = await as("yinxiaoyu");
  const number = await tasksOf(page);
  await page.goto(`/w/qingyu/ledger?tab=tasks&q=${number}&sort=number&cols=number*,text,kind,due`);
  const due = cells(page, "due").last();
  const kind = cells(page, "kind").last();
  const clear = async () => {
    await due.click();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Enter");
  };
  await expect(due).toContainText(/\d/);
  await clear();
  await expect(page.getByText(/未保存：.*措施期限/)).toBeVisible();

  await kind.click();
  await page.keyboard.press("Enter");
  await kind.getByRole("combobox").selectOption({ label: "长期坚持" });
  await page.keyboard.press("Enter");
  await expect(page.getByText(/已保存：.*整改类型/)).toBeVisible();
  await clear();
  await expect(page.getByText(/已保存：.*措施期限/)).toBeVisible();
  await expect(due).toContainText("随问题"); // it ends with its problem
  await page.reload();
  await expect(due).toContainText("随问题"); // it ends with its problem
});

test("Chinese is composed in a cell without leaving it", async ({ as }) => {
  const page = await as("yinxiaoyu");
  await tasksOf(page);
  const progress = cells(page, "progress").first();
  await progress.click();
  await page.keyboard.press("Enter");
  const field = progress.locator("textarea");
  const ime = await page.context().newCDPSession(page);
  await ime.send("Input.imeSetComposition", { text: "wan", selectionStart: 3, selectionEnd: 3 });
  await field.dispatchEvent("keydown", { key: "Enter", isComposing: true, keyCode: 229 });
  await expect(field).toBeFocused();
  await ime.send("Input.insertText", { text: "完成" });
  await page.keyboard.press("Alt+Enter");
  await page.keyboard.type("x");
  await expect(field).toHaveValue(/完成\nx$/);
  await page.keyboard.press("Escape");
});

test("a block from Excel goes into the selected cell and below: right rows are saved, a wrong one stays", async ({
  as,
}) => {
  const page = await as("yinxiaoyu");
  await page.goto("/w/qingyu/ledger?tab=tasks&state=working&sort=number&cols=number*,text,leader,department,due");
  await expect(page.locator("[data-object]").nth(3)).toBeVisible();
  const first = cells(page, "text").first();
  await first.click();
  await pasteCells(
    page,
    [
      '"逐段核对河道巡查记录，\n缺漏的补记并说明"\t曹建平\t水政科\t2026.12.15',
      "公示巡查结果\t曹建平\t水政科\t12月底前",
      "完善巡查制度\t曹建平\t办公室\t2026年12月20日",
    ].join("\r\n"),
  );
  const dialog = page.getByRole("dialog", { name: "粘贴预览" });
  await expect(dialog.getByText("识别到 3 行 4 列")).toBeVisible();
  await expect(dialog.getByText("其中 1 行需要修改")).toBeVisible();
  await expect(dialog.getByRole("columnheader", { name: "责任领导" })).toBeVisible();
  await expect(dialog.getByText("逐段核对河道巡查记录，\n缺漏的补记并说明")).toBeVisible();
  await page.screenshot({ path: "test-results/paste.png" });
  await dialog.getByRole("button", { name: "保存 2 行" }).click();
  await expect(page.getByText("已保存 2 行")).toBeVisible();
  await expect(first).toContainText("缺漏的补记并说明");
  await expect(dialog.getByText("识别到 1 行 4 列")).toBeVisible();
  await dialog.getByRole("textbox").fill("2026-12-31");
  await dialog.getByRole("button", { name: "保存 1 行" }).click();
  await expect(dialog).toBeHidden();
  await expect(cells(page, "text").nth(1)).toHaveText("公示巡查结果");
});

test("whoever was slower in a cell sees who was faster; a lost network loses nothing", async ({ as }) => {
  const slow = await as("yinxiaoyu");
  const fast = await as("caojianping");
  const number = await tasksOf(slow);
  await fast.goto(`/w/qingyu/ledger?tab=tasks&q=${number}&sort=number`);
  for (const [page, words] of [
    [fast, "局长写的进展"],
    [slow, "我写的进展"],
  ] as const) {
    await cells(page, "progress").first().click();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+A");
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    if (page === fast) await expect(fast.getByText(/已保存：.*措施进展/)).toBeVisible();
  }
  await expect(slow.getByText(/曹建平 .*已更新此条/)).toBeVisible();
  await expect(cells(slow, "progress").first()).toContainText("我写的进展");
  await slow.getByRole("button", { name: "查看差异" }).click();
  await expect(slow.getByRole("dialog").getByRole("row", { name: /措施进展/ })).toContainText("局长写的进展");
  await slow.getByRole("button", { name: "保留我的内容" }).click();
  await expect(slow.getByText(/已保存：.*措施进展/)).toBeVisible();

  await slow.context().setOffline(true);
  const rules = cells(slow, "person").first();
  await rules.click();
  await slow.keyboard.press("Enter");
  await slow.keyboard.press("Control+A");
  await slow.keyboard.type("离线时写的");
  await slow.keyboard.press("Tab");
  await expect(slow.getByText(/未保存：.*责任人/)).toBeVisible();
  await expect(rules).toContainText("离线时写的");
  await slow.context().setOffline(false);
  await slow.getByRole("button", { name: "重试" }).first().click();
  await expect(slow.getByText(/已保存：.*责任人/)).toBeVisible();
  await expect(rules).toHaveText("离线时写的");
});

test("the ledger's own cells: progress is the problem's, merged over its measures", async ({ as }) => {
  const page = await as("yinxiaoyu");
  const number = await tasksOf(page);
  await page.goto(`/w/qingyu/ledger?q=${number}&cols=number*,text,measure,leader,progress,state`);
  const progress = cells(page, "progress").first();
  await progress.click();
  await page.screenshot({ path: "test-results/ledger-cells.png" });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("已完成第一轮核对");
  await page.keyboard.press("Enter");
  await expect(page.getByText(`已保存：${number}`, { exact: false }).first()).toBeVisible();
  await expect(progress).toHaveText("已完成第一轮核对");
  // The arrow from the row's focus enters its cells; Escape goes back to the row.
  await page.locator("[data-object]").first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(cells(page, "measure").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.locator("[data-object]").first()).toBeFocused();
});

test("the office reads the same cells and cannot write into them", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?tab=tasks");
  await expect(page.locator("[data-object]").first()).toBeVisible();
  await expect(page.locator("[data-cell]")).toHaveCount(0);
});
