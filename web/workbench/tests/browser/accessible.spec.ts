// Nothing that axe finds against WCAG 2.2 AA and its own best practice, on the screens and pages that matter (UX 3.7).

import { chromium, type Page } from "@playwright/test";
import axe from "axe-core";
import { expect, row, test } from "./people";

/** What axe finds on what is shown now, each with the first elements it is about. */
async function findings(page: Page): Promise<string[]> {
  await page.waitForLoadState("networkidle");
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run({ runOnly: tags });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).slice(0, 5)}`);
  });
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

async function openFirst(page: Page, list: string, number = ""): Promise<void> {
  await page.goto(list);
  await row(page, number).first().getByRole("link").first().click();
  await expect(page.locator("main h1")).toBeVisible();
}

test("the county office's screens", async ({ as }) => {
  const page = await as("zhengyichuan");
  for (const path of [
    "todo",
    "ledger",
    "review",
    "reminders",
    "imports",
    "imports/new",
    "linkage",
    "escalations",
    "escalations/new",
    "common-issues",
    "unit-overview",
    "disclosures",
  ]) {
    await open(page, `/w/qingyu/${path}`);
    expect.soft(await findings(page), path).toEqual([]);
  }

  await openFirst(page, "/w/qingyu/ledger?state=returned");
  for (const tab of ["概况", "措施与任务", "佐证", "审核意见", "催办", "日志"]) {
    await page.getByRole("tab", { name: tab }).click();
    expect.soft(await findings(page), tab).toEqual([]);
  }
  await page.goto("/w/qingyu/ledger?state=returned");
  await row(page, "").first().focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".x-drawer-title")).toBeVisible();
  expect.soft(await findings(page), "a row beside the list").toEqual([]);

  await openFirst(page, "/w/qingyu/linkage");
  expect.soft(await findings(page), "a notice").toEqual([]);
  await openFirst(page, "/w/qingyu/escalations", "E-2026-03");
  expect.soft(await findings(page), "a matter").toEqual([]);
});

test("a unit's screens", async ({ as }) => {
  const page = await as("yinxiaoyu");
  await open(page, "/w/qingyu/home");
  expect.soft(await findings(page), "home").toEqual([]);
  await openFirst(page, "/w/qingyu/ledger?state=working&sort=number");
  for (const tab of ["概况", "措施与任务", "佐证"]) {
    await page.getByRole("tab", { name: tab }).click();
    expect.soft(await findings(page), tab).toEqual([]);
  }
  await page.getByRole("button", { name: "提交销号" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect.soft(await findings(page), "handing in").toEqual([]);
});

test("the screens of city and province", async ({ as }) => {
  const city = await as("helan");
  for (const path of [
    "overview",
    "overview?projector=1",
    "ledger?below=qingyu",
    "reminders",
    "linkage/new",
    "common-issues",
  ]) {
    await open(city, `/w/jingyuan/${path}`);
    expect.soft(await findings(city), path).toEqual([]);
  }
  const province = await as("zhouyiheng");
  await open(province, "/w/lanhe/overview");
  expect.soft(await findings(province), "overview of a province").toEqual([]);
  await openFirst(province, "/w/lanhe/linkage?tab=out");
  expect.soft(await findings(province), "receipts").toEqual([]);
});

test("the editor of texts for the public", async ({ as }) => {
  const page = await as("liangchen");
  await openFirst(page, "/w/shiqiaoling/disclosures", "县交通运输局党组");
  const draft = new URL(page.url()).pathname;
  for (const step of ["scope", "items", "withheld", "privacy", "approval", "publish"]) {
    await open(page, `${draft}?step=${step}`);
    expect.soft(await findings(page), step).toEqual([]);
  }
});

test("dark screens", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.evaluate(() => localStorage.setItem("xuncha:look", JSON.stringify({ theme: "dark" })));
  for (const path of ["todo", "ledger?size=20&cols=number*,text,unit,state,due", "review", "unit-overview"]) {
    await open(page, `/w/qingyu/${path}`);
    await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
    expect.soft(await findings(page), path).toEqual([]);
  }
  await openFirst(page, "/w/qingyu/disclosures", "县水务局党组");
  expect.soft(await findings(page), "a text for the public").toEqual([]);
});

test("where people sign on, and lists on a phone", async ({ as, page }) => {
  await open(page, "/");
  expect.soft(await findings(page), "sign-in").toEqual([]);
  await page.evaluate(() => document.querySelector("main, body")?.append(document.createElement("input")));
  expect(await findings(page)).toContainEqual(expect.stringContaining("label: input"));

  const phone = await as("hansongnian", { width: 390, height: 844 });
  for (const path of ["todo", "ledger", "reminders"]) {
    await open(phone, `/w/qingyu/${path}`);
    expect.soft(await findings(phone), path).toEqual([]);
  }
  const city = await as("helan", { width: 390, height: 844 });
  for (const path of ["overview", "escalations"]) {
    await open(city, `/w/jingyuan/${path}`);
    expect.soft(await findings(city), `${path} on a phone`).toEqual([]);
  }
});

// They carry no script, so letting axe run changes nothing about them.
test("the public pages, at every width and in large type", async ({ launchOptions }) => {
  const browser = await chromium.launch(launchOptions);
  const county = "/jingyuan/shiqiaoling";
  const notice = `${county}/zg/SQL-XC-2026-05-02`;
  for (const width of [1280, 375]) {
    const context = await browser.newContext({ viewport: { width, height: 812 } });
    const page = await context.newPage();
    const search = ["", "?q=民政", "?q=民政&region=jingyuan&size=l", "?q=没有这个单位"].map(
      (query) => `/search${query}`,
    );
    const others = [`${county}/list`, notice, `${notice}?size=l`, `${county}/none`];
    for (const path of ["/", "/jingyuan", county, ...others, ...search]) {
      await page.goto(process.env.XUNCHA_PUBLIC_URL + path);
      expect.soft(await findings(page), `${path} at ${width}`).toEqual([]);
    }
  }
  await browser.close();
});
