// What the flows of UX 2.7 ask of a person's hands. The approver's is measured in phone.spec, the
// city's in linkage.spec, and a notice's way to the public in disclosure.spec.

import { chromium } from "@playwright/test";
import { effort } from "../effort";
import { expect, test } from "../people";
import { photo } from "../steps";

test("a unit hands in one item with one photo in six clicks", async ({ as }) => {
  const page = await as("yinxiaoyu");
  await page.goto("/w/qingyu/ledger?state=working&sort=number");
  const link = page.locator("[data-object] .x-number-cell a").first();
  const number = (await link.textContent()) as string;
  const hands = await effort(page, "unit submits one item with one photo");
  await link.click();
  await page.getByRole("tab", { name: /佐证/ }).click();
  await page.getByLabel(/本批文件不含国家秘密/).check();
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "选择文件" }).click();
  await (await chosen).setFiles({ ...photo, name: `${number}.png` });
  await expect(page.getByText("已上传 1/1")).toBeVisible();
  await page.getByRole("button", { name: "提交销号" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("整改情况说明").fill("已整改，附现场照片1张");
  for (const gap of await dialog.getByPlaceholder(/没有佐证的原因/).all()) await gap.fill("见整个事项的佐证");
  await dialog.getByRole("button", { name: "提交销号" }).click();
  await expect(page.getByText(`已提交销号：${number}，等待联合审核`)).toBeVisible();
  await hands.within({ presses: 6 });
});

test("a reviewer clears one item by keyboard only", async ({ as }) => {
  const page = await as("shaofeng");
  await page.goto("/w/qingyu/review");
  await expect(page.locator(".x-review-title")).toBeVisible();
  const hands = await effort(page, "reviewer clears one item, keyboard only");
  const form = page.getByRole("radiogroup", { name: "审核结论" });
  // What this party has answered already is passed over.
  for (let i = 0; i < 12 && !(await form.isVisible()); i++) await page.keyboard.press("n");
  await expect(form).toBeVisible();
  const number = (await page.locator(".x-review-title a").textContent()) as string;
  await page.keyboard.press("a");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(`已提交审核意见：${number}`)).toBeVisible();
  await hands.within({ presses: 0, keys: 14 });
});

test("a reader finds a bureau's page from the province's in four clicks", async ({ launchOptions }) => {
  const browser = await chromium.launch(launchOptions);
  const page = await browser.newPage();
  await page.goto(`${process.env.XUNCHA_PUBLIC_URL}`);
  const hands = await effort(page, "public reader finds a bureau's page");
  await page.getByRole("link", { name: "石桥岭县", exact: true }).click();
  await page
    .getByRole("link", { name: /县民政局党组.*通报/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("县民政局党组");
  await hands.within({ presses: 4 });
  await browser.close();
});
