import { type Browser, chromium, type Page } from "@playwright/test";
import { expect, test } from "../people";

const site = process.env.XUNCHA_PUBLIC_URL;
const notice = "/jingyuan/beiyuan/zg/BY-XC-2026-04-01";

/** A reader with JavaScript off. */
async function citizen(browser: Browser, width: number): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height: 812 } });
  return context.newPage();
}

async function fits(page: Page): Promise<void> {
  const over = await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
  expect(over, page.url()).toBeLessThanOrEqual(0);
}

/** Says something about the notice, up to number and code. */
async function speak(page: Page, text: string): Promise<{ number: string; code: string }> {
  await page.goto(`${site}${notice}`);
  await fits(page);
  await page.getByLabel("关于哪一条").selectOption({ index: 1 });
  await page.getByLabel("我反映的是：这个问题没有整改到位").check();
  await page.getByLabel("意见", { exact: true }).fill(text);
  await page.getByLabel("称呼").fill("过路人");
  await page.getByLabel("愿意公开，经审核可在本页选登").check();
  await page.getByRole("button", { name: "下一步：核对" }).click();
  await expect(page.getByRole("heading", { name: "核对意见" })).toBeVisible();
  await expect(page.getByText(text)).toBeVisible();
  await fits(page);
  await page.waitForTimeout(2500); // nobody reads it sooner
  await page.getByRole("button", { name: "提交意见" }).click();
  await expect(page.getByRole("heading", { name: "意见已提交" })).toBeVisible();
  await fits(page);
  const told = page.locator(".receipt");
  return { number: (await told.nth(0).textContent()) ?? "", code: (await told.nth(1).textContent()) ?? "" };
}

test("citizens say what they have to say without script; nothing appears until the office decides so", async ({
  as,
  launchOptions,
}) => {
  test.slow();
  const browser = await chromium.launch(launchOptions);
  const phone = await citizen(browser, 375);
  const first = await speak(phone, "垃圾中转点还是老样子，打13000000000没人接");
  expect(first.number).toMatch(/^BY-YJ-2026-\d{4}$/);
  expect(first.code).toMatch(/^\d{4}( \d{4}){3}$/);
  const desk = await citizen(browser, 1280);
  await speak(desk, "路灯修好了，可是晚上不亮");
  await phone.goto(`${site}${notice}`);
  await expect(phone.getByText(/打13000000000没人接|可是晚上不亮/)).toHaveCount(0);
  expect(await phone.context().cookies()).toEqual([]);

  const office = await as("jitong");
  await office.goto("/w/beiyuan/opinions?state=waiting");
  await office.getByRole("link", { name: first.number }).click();
  await expect(office.getByText("原文含手机号，选登前需脱敏")).toBeVisible();
  await office.getByRole("button", { name: /^选\s*登$/ }).click();
  const dialog = office.getByRole("dialog", { name: `选登 ${first.number}` });
  await expect(dialog.getByLabel("公开的文字")).toHaveValue("垃圾中转点还是老样子，打***没人接");
  await dialog.getByRole("button", { name: /^选\s*登$/ }).click();
  await expect(office.getByText(`已选登：${first.number}`)).toBeVisible();
  await office.getByRole("button", { name: /^答\s*复$/ }).click();
  await office.getByLabel("答复内容").fill("已派人到现场查看，一周内公布结果。");
  await office
    .getByRole("dialog")
    .getByRole("button", { name: /^答\s*复$/ })
    .click();
  await expect(office.getByText(`已答复：${first.number}`)).toBeVisible();

  await expect(async () => {
    await phone.goto(`${site}${notice}`);
    await expect(phone.getByText("垃圾中转点还是老样子，打***没人接")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 40_000 });
  await expect(phone.getByText("已派人到现场查看，一周内公布结果。")).toBeVisible();
  await fits(phone);
  await phone.getByRole("link", { name: "查询已提交意见的办理情况" }).first().click();
  await phone.getByLabel("编号").fill(first.number);
  await phone.getByLabel("查询码").fill(first.code);
  await phone.getByRole("button", { name: "查询", exact: true }).click();
  await expect(phone.getByText("已选登")).toBeVisible();
  await expect(phone.getByText("已派人到现场查看，一周内公布结果。")).toBeVisible();
  expect(phone.url()).not.toContain(first.code.slice(0, 4));

  const city = await as("helan");
  await city.goto("/w/jingyuan/opinions");
  await expect(city.getByText("各地意见（只有数量，原文由当地办理）")).toBeVisible();
  await expect(city.getByText("垃圾中转点")).toHaveCount(0);
  await browser.close();
});
