// The pictures of the README, made as people see the screens. They land in test-results; `make pictures` puts them where the
// README looks for them.

import { chromium } from "@playwright/test";
import { expect, test } from "./people";

const folder = process.env.XUNCHA_PICTURES ?? "test-results";

test("the workbench: the ledger of a county office", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?sort=due");
  await expect(page.getByText("共 96 个问题")).toBeVisible();
  await page.screenshot({ path: `${folder}/workbench.png` });
});

test("a public page: a notice, read without script", async ({ launchOptions }) => {
  const browser = await chromium.launch(launchOptions);
  const page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 1280, height: 800 } });
  await page.goto(`${process.env.XUNCHA_PUBLIC_URL}/jingyuan/shiqiaoling`);
  await page
    .getByRole("link", { name: /县民政局党组.*通报/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("整改进展情况的通报");
  await page.screenshot({ path: `${folder}/public.png` });
  await browser.close();
});
