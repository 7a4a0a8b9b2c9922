// The ways out of a list, saved views, and the session's end (UX 2.3, 6.1).

import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import type { Download, Page } from "@playwright/test";
import { expect, test } from "./people";

/** The parts of a zip by name, read through its central directory. */
function unzip(file: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  let at = file.readUInt32LE(file.lastIndexOf(Buffer.from("PK\x05\x06", "latin1")) + 16);
  while (file.readUInt32LE(at) === 0x02014b50) {
    const [packed, name, extra, comment] = [20, 28, 30, 32].map((offset, i) =>
      i === 0 ? file.readUInt32LE(at + offset) : file.readUInt16LE(at + offset),
    ) as [number, number, number, number];
    const local = file.readUInt32LE(at + 42);
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const body = file.subarray(from, from + packed);
    const text = file.readUInt16LE(at + 10) === 0 ? body : inflateRawSync(body);
    parts.set(file.toString("utf8", at + 46, at + 46 + name), text.toString("utf8"));
    at += 46 + name + extra + comment;
  }
  return parts;
}

/** Takes the list on screen out by this entry of the menu. */
async function exported(
  page: Page,
  entry: string,
  preview: RegExp,
): Promise<{ download: Download; sheet: string; core: string }> {
  await page.getByRole("button", { name: "导出" }).click();
  await page.getByRole("menuitem", { name: entry }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(preview)).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: /^导\s*出$/ }).click(),
  ]);
  const parts = unzip(await readFile(await download.path()));
  return { download, sheet: parts.get("xl/worksheets/sheet1.xml") ?? "", core: parts.get("docProps/core.xml") ?? "" };
}

function rowsOf(sheet: string): number {
  return (sheet.match(/<row /g) ?? []).length;
}

test("a ledger leaves as Excel in the columns on screen, marked, with its rows and no others", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?state=returned&cols=number*,unit,state");
  await expect(page.getByText(/符合条件 4 个问题/)).toBeVisible();
  const numbers = await page.locator("[data-object] .x-number-cell").allTextContents();
  const { download, sheet, core } = await exported(page, "Excel（当前列）", /将导出 4 个问题（当前筛选结果）/);
  expect(download.suggestedFilename()).toMatch(/^青榆县-整改台账-\d{8}-\d{4}\.xlsx$/);
  expect(rowsOf(sheet)).toBe(3 + 4);
  for (const number of numbers) expect(sheet).toContain(number.trim());
  for (const word of ["编号", "单位", "状态", "导出人：郑一川（巡察办干部）"]) expect(sheet).toContain(word);
  expect(sheet).not.toContain("反馈问题");
  expect(sheet).not.toMatch(/<f[ >]/);
  expect(core).toContain("<dc:creator>郑一川</dc:creator>");
  await expect(page.getByText("已导出 4 个问题，已记入日志")).toBeVisible();
});

test("the form for reporting upward has every measure, merged cells, and prints on A3", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger");
  await expect(page.getByText("共 96 个问题")).toBeVisible();
  const { download, sheet } = await exported(page, "Excel（上报格式）", /将导出 96 个问题。/);
  expect(download.suggestedFilename()).toContain("上报格式");
  expect(rowsOf(sheet)).toBeGreaterThan(3 + 96);
  expect(sheet).toContain("<mergeCell ");
  expect(sheet).toMatch(/<pageSetup [^>]*paperSize="8"/);
  expect(sheet).toMatch(/<pane [^>]*xSplit="3"[^>]*ySplit="3"/);
});

test("a unit takes out its own rows alone, and the city those of the county it looks at", async ({ as }) => {
  const unit = await as("yinxiaoyu");
  await unit.goto("/w/qingyu/ledger");
  await expect(unit.getByText(/共 \d+ 个问题/)).toBeVisible();
  const own = /共 (\d+) 个问题/.exec((await unit.getByText(/共 \d+ 个问题/).textContent()) ?? "")?.[1];
  const theirs = await exported(unit, "Excel（全部列）", new RegExp(`将导出 ${own} 个问题`));
  expect(theirs.sheet).toContain("县水务局党组");
  expect(theirs.sheet).not.toContain("县教育局党组");
  expect(Number(own)).toBeLessThan(96);

  const city = await as("helan");
  await city.goto("/w/jingyuan/ledger?below=qingyu&state=closed&cols=number*");
  await expect(city.getByText(/符合条件 56 个问题/)).toBeVisible();
  const above = await exported(city, "Excel（当前列）", /将导出 56 个问题/);
  expect(rowsOf(above.sheet)).toBe(3 + 56);
  expect(above.sheet).toContain("导出人：贺岚");
});

test("a list's text goes to the clipboard as a table", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/w/qingyu/ledger?state=returned&cols=number*,text,measure,unit");
  await expect(page.getByText(/符合条件 4 个问题/)).toBeVisible();
  await page.getByRole("button", { name: "导出" }).click();
  await page.getByRole("menuitem", { name: "复制文字" }).click();
  await expect(page.getByText("已复制本页 4 个问题")).toBeVisible();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
  expect(lines[0]).toMatch(/^青榆县 整改台账（共 96 个问题，符合条件 4 个问题，截至 /);
  expect(lines[1]).toBe("编号\t反馈问题\t整改措施\t单位");
  expect(lines.length).toBeGreaterThan(2 + 4);
  expect(lines.filter((line) => line.startsWith("QY-"))).toHaveLength(4);
});

test("a shared view is the office's, a personal one its owner's, and both can go", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?state=working&sort=-due&cols=number*,state");
  await expect(page.getByText(/符合条件 20 个问题/)).toBeVisible();
  const save = async (name: string, shared: boolean) => {
    await page.getByRole("button", { name: /^视图/ }).click();
    await page.getByRole("menuitem", { name: "保存为视图" }).click();
    await page.getByLabel("视图名称").fill(name);
    if (shared) await page.getByRole("checkbox", { name: "本办其他人也可使用" }).check();
    await page.getByRole("button", { name: "保存视图" }).click();
    await expect(page.getByRole("button", { name: `视图：${name}` })).toBeVisible();
  };
  await save("盯办清单", true);
  await save("我自己看", false);
  await page.getByRole("button", { name: /^视图/ }).click();
  await expect(page.getByRole("menuitem", { name: "盯办清单" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "待我审核" })).toBeVisible();
  await page.keyboard.press("Escape");

  const other = await as("shaofeng");
  await other.goto("/w/qingyu/ledger");
  await expect(other.getByText("共 96 个问题")).toBeVisible();
  await other.getByRole("button", { name: /^视图/ }).click();
  await other.getByRole("menuitem", { name: "盯办清单（郑一川）" }).click();
  await expect(other).toHaveURL(/state=working.*sort=-due/);
  await expect(other).toHaveURL(/view=/);
  await expect(other.getByRole("columnheader").filter({ hasText: /./ })).toHaveText(["编号", "状态"]);
  await other.getByRole("button", { name: "视图：盯办清单" }).click();
  await expect(other.getByRole("menuitem", { name: "我自己看" })).toHaveCount(0);
  await expect(other.getByRole("menuitem", { name: /^删除视图|^重命名/ })).toHaveCount(0);

  const unit = await as("yinxiaoyu");
  await unit.goto("/w/qingyu/ledger");
  await unit.getByRole("button", { name: /^视图/ }).click();
  await expect(unit.getByRole("menuitem", { name: "已逾期" })).toBeVisible();
  await expect(unit.getByRole("menuitem", { name: /盯办清单|待我审核/ })).toHaveCount(0);

  await page.getByRole("button", { name: "视图：我自己看" }).click();
  await page.getByRole("menuitem", { name: "重命名 我自己看" }).click();
  await page.getByLabel("视图名称").fill("盯办清单");
  await page.getByRole("button", { name: /^重\s*命\s*名$/ }).click();
  await page.getByRole("button", { name: "视图：盯办清单" }).click();
  await page.getByRole("menuitem", { name: "删除视图 盯办清单" }).click();
  await expect(page.getByText("已删除视图：盯办清单")).toBeVisible();
  await page.getByRole("button", { name: /撤销/ }).click();
  await page.getByRole("button", { name: /^视图/ }).click();
  await expect(page.getByRole("menuitem", { name: "盯办清单" })).toHaveCount(2);
});

test("the end of a session is told in time, and staying is one press", async ({ as }) => {
  const page = await as("zhengyichuan");
  let left = 150;
  let asked = 0;
  await page.route("**/v1/session", (route) => {
    asked++;
    const now = new Date("2026-11-20T10:00:00+08:00");
    const rests = new Date(now.getTime() + left * 1000);
    return route.fulfill({
      json: { now: now.toISOString(), rests_at: rests.toISOString(), ends_at: "2026-11-20T20:00:00+08:00" },
    });
  });
  await page.goto("/w/qingyu/ledger?state=working");
  const warning = page.getByRole("alert").filter({ hasText: "登录将于 10:02 结束" });
  await expect(warning).toBeVisible();
  await page.getByRole("searchbox").first().fill("水务");
  await expect(page.getByRole("searchbox").first()).toBeFocused();
  const before = asked;
  left = 1800;
  const me = page.waitForRequest("**/v1/me");
  await warning.getByRole("button", { name: "继续工作" }).click();
  await me;
  await expect(page.getByText("登录将于")).toHaveCount(0);
  expect(asked).toBeGreaterThan(before);
});

test("the service says when a session ends, and saying so does not lengthen it", async ({ as }) => {
  const page = await as("zhengyichuan");
  const told = async () => (await page.request.get("/v1/session")).json();
  const first = await told();
  const minutes = (Date.parse(first.rests_at) - Date.parse(first.now)) / 60_000;
  expect(minutes).toBeGreaterThan(28);
  expect(minutes).toBeLessThanOrEqual(30);
  expect((await told()).rests_at).toBe(first.rests_at);
});
