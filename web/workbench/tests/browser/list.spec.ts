// What every list does (UX 2.3), tried on the ledger.

import { execFileSync } from "node:child_process";
import { expect, row, test } from "./people";

test("the day begins with the to-do list, its number in the title and beside its entry", async ({ as }) => {
  const page = await as("zhengyichuan");
  await expect(page.getByRole("heading", { name: "我的待办" })).toBeVisible();
  await expect(page).toHaveTitle(/^\(\d+\) 我的待办/);
  const n = /\((\d+)\)/.exec(await page.title())?.[1];
  await expect(page.getByRole("navigation", { name: "主导航" }).getByText(`${n}件`)).toBeVisible();
  const sections = await page.locator(".x-section").allTextContents();
  expect(sections).toEqual(["已逾期", "今天到期", "7天内", "以后"].filter((each) => sections.includes(each)));
});

test("an address shows the same list to anybody with the right, and nothing to others", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?state=returned&sort=-due");
  await expect(page.getByText("共 96 个问题，符合条件 4 个问题")).toBeVisible();
  const numbers = await page.locator("[data-object] .x-number-cell").allTextContents();
  expect(numbers).toHaveLength(4);

  const other = await as("shaofeng");
  await other.goto("/w/qingyu/ledger?state=returned&sort=-due");
  await expect(other.locator("[data-object]")).toHaveCount(4);
  expect(await other.locator("[data-object] .x-number-cell").allTextContents()).toEqual(numbers);

  const unit = await as("fangwei");
  await unit.goto("/w/qingyu/ledger?state=returned&sort=-due");
  await expect(unit.getByText(/符合条件 1 个问题/)).toBeVisible();
  await unit.goto("/w/qingyu/review");
  await expect(unit.getByText("你没有查看此内容的权限")).toBeVisible();
});

test("a list is remembered, and an address wins over memory", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?state=submitted&cols=number*,state,unit&size=50");
  await expect(page.getByText(/符合条件 8 个问题/)).toBeVisible();
  await page.goto("/w/qingyu/ledger");
  await expect(page).toHaveURL(/state=submitted/);
  await expect(page.getByRole("columnheader").filter({ hasText: /./ })).toHaveText(["编号", "状态", "单位"]);
  await page.goto("/w/qingyu/ledger?state=returned");
  await expect(page.getByText(/符合条件 4 个问题/)).toBeVisible();
  await page.getByRole("button", { name: "清除筛选" }).first().click();
  await expect(page.getByText("共 96 个问题")).toBeVisible();
  await page.goBack();
  await expect(page.getByText(/符合条件 4 个问题/)).toBeVisible();
});

test("the keyboard goes through the list and comes back to the row", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?state=working&sort=number");
  await expect(page.locator("[data-object]").nth(2)).toBeVisible();
  const search = page.getByRole("searchbox").first();
  await page.keyboard.press("/");
  await page.keyboard.type("jx");
  await expect(search).toHaveValue("jx");
  await search.fill("");
  await page.keyboard.press("Escape");
  await expect(search).not.toBeFocused();
  await expect(page.getByText(/符合条件 20 个问题/)).toBeVisible();

  const numbers = await page.locator("[data-object] .x-number-cell").allTextContents();
  const title = page.locator(".x-drawer-title");
  for (const key of ["j", "j", "Enter"]) await page.keyboard.press(key);
  await expect(title).toContainText(numbers[1] as string);
  await page.keyboard.press("]");
  await expect(title).toContainText(numbers[2] as string);
  await page.keyboard.press("Escape");
  await expect(title).toBeHidden();
  await expect(row(page, numbers[2] as string)).toBeFocused();
});

test("Chinese is searched when it is composed, not while", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger");
  await expect(page.getByText("共 96 个问题")).toBeVisible();
  const asked: string[] = [];
  page.on("request", (request) => {
    const q = new URL(request.url()).searchParams.get("q");
    if (request.url().includes("/items?") && q) asked.push(q);
  });
  await page.getByRole("searchbox").first().focus();
  const ime = await page.context().newCDPSession(page);
  for (const text of ["s", "sh", "shu", "shui"]) {
    await ime.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await page.waitForTimeout(400);
  }
  expect(asked).toEqual([]);
  await ime.send("Input.insertText", { text: "水务局" });
  await expect(page.getByText(/符合条件 22 个问题/)).toBeVisible();
  expect([...new Set(asked)]).toEqual(["水务局"]);
});

test("columns are arranged by keyboard alone", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?cols=number*,text,state");
  await page.getByRole("button", { name: "显示" }).click();
  await page.getByRole("menuitem", { name: "列设置" }).click();
  await page.getByRole("button", { name: "上移 状态" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "应用列设置" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("columnheader").filter({ hasText: /./ })).toHaveText(["编号", "状态", "反馈问题"]);
});

/** What a program of poppler-utils says. */
function poppler(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: "utf8" });
}

test("a printed ledger has its header, its question and its page numbers on A3", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?state=closed&size=100");
  await expect(page.getByText(/符合条件 56 个问题/)).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeHidden();
  await expect(page.getByText("状态：已销号")).toBeVisible();
  await expect(page.getByRole("heading", { name: "青榆县 整改台账" })).toBeVisible();
  const header = page.locator(".x-list thead");
  expect(await header.evaluate((element) => getComputedStyle(element).display)).toBe("table-header-group");
  // Row 11 of UX §6.1, read back from the pages as poppler reads them.
  const file = test.info().outputPath("ledger.pdf");
  await page.pdf({ preferCSSPageSize: true, path: file });
  const sizes = [...poppler("pdfinfo", "-l", "-1", file).matchAll(/^Page +\d+ size: +([\d.]+) x ([\d.]+) pts/gm)];
  const pages = poppler("pdftotext", "-layout", file, "-").split("\f").slice(0, -1);
  expect(pages.length).toBeGreaterThan(2);
  expect(sizes.length).toBe(pages.length);
  for (const [, width, height] of sizes) {
    expect(Math.abs(Number(width) - 1190.55)).toBeLessThan(2);
    expect(Math.abs(Number(height) - 841.89)).toBeLessThan(2);
  }
  for (const [i, text] of pages.entries()) {
    const times = (word: string) => text.replaceAll(/\s+/g, "").split(word).length - 1;
    expect(times("编号反馈问题整改措施责任领导"), `header on page ${i + 1}`).toBe(1);
    expect(times(`第${i + 1}页共${pages.length}页`), `number on page ${i + 1}`).toBe(1);
    for (const word of ["我的待办", "导出", "加载更多"]) expect(times(word), word).toBe(0);
  }
  expect(pages[0]).toContain("状态：已销号");
});

test("on a phone rows are cards and nothing scrolls sideways", async ({ as }) => {
  const page = await as("yinxiaoyu", { width: 390, height: 844 });
  await page.goto("/w/qingyu/ledger");
  await expect(page.locator("li[data-object]").first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test("a task that was only opened is still there, where it was", async ({ as }) => {
  const page = await as("zhengyichuan");
  await expect(page).toHaveTitle(/^\(\d+\) 我的待办/);
  const title = await page.title();
  const tasks = page.locator("[data-object]");
  await tasks.last().scrollIntoViewIfNeeded();
  const scroller = page.locator("main");
  const before = await scroller.evaluate((main) => [main.scrollTop, window.scrollY]);
  const words = (await tasks.last().textContent()) as string;
  await tasks.last().click();
  await expect(page.getByRole("heading", { name: "我的待办" })).toHaveCount(0);
  await page.goBack();
  await expect(tasks.last()).toHaveText(words);
  await expect(page).toHaveTitle(title);
  await expect.poll(() => scroller.evaluate((main) => [main.scrollTop, window.scrollY])).toEqual(before);
});

test("the density of a list is remembered", async ({ as }) => {
  const page = await as("guxiaolan");
  await page.goto("/w/qingyu/ledger");
  await page.getByRole("button", { name: "显示" }).click();
  await page.getByRole("menuitem", { name: "行高：紧凑" }).click();
  await expect(page.locator(".x-list.x-density-compact")).toBeVisible();
  await page.goto("/w/qingyu/todo");
  await page.goto("/w/qingyu/ledger");
  await expect(page.locator(".x-list.x-density-compact")).toBeVisible();
});

test("a figure leads to all that it counts, whatever was asked of the list before", async ({ as }) => {
  const page = await as("helan");
  await page.goto("/w/jingyuan/ledger?below=qingyu&state=returned");
  await expect(page.getByText(/符合条件 \d+ 个问题/)).toBeVisible();
  await page.goto("/w/jingyuan/unit-overview?below=qingyu");
  await page.locator("tfoot a").first().click();
  await expect(page.getByText(/共 \d+ 个问题/)).toBeVisible();
  await expect(page).toHaveURL(/below=qingyu/);
});
