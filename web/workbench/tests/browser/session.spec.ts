// Signing on, staying signed on, and what the page weighs.

import { expect, signOn, test } from "./people";

test("a session that ends while somebody types loses nothing", async ({ as }) => {
  const page = await as("yinxiaoyu");
  await page.goto("/w/qingyu/ledger?state=working&sort=number");
  await page.locator("[data-object] .x-number-cell a").nth(1).click();
  await page.getByLabel("最新进展").fill("登录过期前写下的进展");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "保存填报" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("登录已过期")).toBeVisible();
  await expect(page.getByLabel("最新进展")).toHaveValue("登录过期前写下的进展");

  const opened = page.context().waitForEvent("page");
  await dialog.getByRole("link", { name: "重新登录" }).click();
  const portal = await opened;
  await portal.locator('button[value="yinxiaoyu"]').click();
  await expect(page.getByText("已保存填报内容")).toBeVisible({ timeout: 20_000 });
  await expect(dialog).toBeHidden();
});

test("what one person wrote waits for that person, whoever signs on first", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/review");
  await expect(page.locator(".x-review-title")).toBeVisible();
  const number = (await page.locator(".x-review-title a").textContent()) ?? "";
  await page.getByRole("radio", { name: /需补充/ }).check();
  await page.getByLabel("无佐证", { exact: true }).check();
  await page.getByLabel("说明").fill("登录过期前写下的意见");
  const sent: number[] = [];
  page.on("response", (response) => {
    if (response.request().method() !== "POST" || !response.url().endsWith("/opinion")) return;
    sent.push(response.status());
  });
  await page.context().clearCookies();
  await page.getByRole("button", { name: "提交审核意见" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("登录已过期")).toBeVisible();

  const signOnAs = async (person: string) => {
    const opened = page.context().waitForEvent("page");
    await dialog.getByRole("link", { name: "重新登录" }).click();
    await (await opened).locator(`button[value="${person}"]`).click();
  };
  await signOnAs("yinxiaoyu");
  await expect(dialog.getByText("新登录的是 尹小雨，与本页不是同一人")).toBeVisible({ timeout: 20_000 });
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange"))); // what is shown is asked for again
  await expect(page.locator(".x-header").getByText("郑一川")).toBeVisible();
  await expect(page.locator(".x-review-title")).toContainText(number);
  await expect(page.getByLabel("说明")).toHaveValue("登录过期前写下的意见");
  expect(sent).toEqual([401]);

  await signOnAs("zhengyichuan");
  await expect(page.getByText(`已提交审核意见：${number}`)).toBeVisible({ timeout: 20_000 });
  await expect(dialog).toBeHidden();
  expect(sent).toEqual([401, 200]);
});

test("who leaves takes nothing of another's away, and nobody is shown another's draft", async ({ as }) => {
  const page = await as("yinxiaoyu");
  await page.goto("/w/qingyu/ledger?state=working&sort=number");
  await page.locator("[data-object] .x-number-cell a").nth(2).click();
  const field = page.getByLabel("最新进展");
  const before = await field.inputValue();
  await field.fill("尹小雨还没有保存的进展");
  const address = page.url();
  await page.context().clearCookies();

  // Her head sits down at the same browser, sees the problem as it is saved, and leaves.
  const other = await page.context().newPage();
  await signOn(other, "caojianping");
  await other.goto(address);
  await expect(other.getByLabel("最新进展")).toHaveValue(before);
  await expect(other.getByText(/已恢复本机草稿/)).toHaveCount(0);
  await other.locator(".x-header").getByRole("button", { name: "曹建平" }).click();
  await other.getByRole("menuitem", { name: "退出登录" }).click();
  await other.waitForURL(/signed-out|sign-in/);

  await signOn(other, "yinxiaoyu");
  await other.goto(address);
  await expect(other.getByLabel("最新进展")).toHaveValue("尹小雨还没有保存的进展");
  await expect(other.getByText(/已恢复本机草稿/)).toBeVisible();
});

test("an address opened before signing on is reached after it", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: process.env.XUNCHA_URL });
  const page = await context.newPage();
  await page.goto("/w/qingyu/ledger?state=returned");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByRole("link", { name: "登录政务门户" }).click();
  await page.locator('button[value="zhengyichuan"]').click();
  await expect(page).toHaveURL(/\/w\/qingyu\/ledger\?state=returned/);
  await expect(page.getByText(/符合条件 \d+ 个问题/)).toBeVisible();
  await context.close();
});

test("an office above sees the ledger below, read-only and marked as such", async ({ as }) => {
  const page = await as("helan");
  await page.goto("/w/jingyuan/ledger?below=qingyu");
  await expect(page.getByText("上级视角（只读）：靖原市 → 青榆县")).toBeVisible();
  await expect(page.getByText("共 96 个问题")).toBeVisible();
  await page.locator("[data-object] .x-number-cell a").first().click();
  await expect(page.getByText("上级视角（只读）：靖原市 → 青榆县")).toBeVisible();
  await expect(page.getByRole("button", { name: "保存填报" })).toHaveCount(0);
  await page.getByRole("link", { name: "回到本级" }).click();
  await expect(page.getByText("上级视角（只读）")).toHaveCount(0);
});

test("keys are explained, and single letters can be switched off", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog").getByText("快捷键", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "郑一川" }).click();
  await page.getByRole("menuitem", { name: "关闭单键快捷键" }).click();
  await expect(page.getByRole("menuitem", { name: "关闭单键快捷键" })).toBeHidden(); // a press would close it again
  await page.getByRole("button", { name: "郑一川" }).click();
  await expect(page.getByRole("menuitem", { name: "打开单键快捷键" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menuitem", { name: "打开单键快捷键" })).toBeHidden();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the first load stays within its budget, from this service alone", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: process.env.XUNCHA_URL });
  const page = await context.newPage();
  await signOn(page, "zhengyichuan");
  await page.goto("/w/qingyu/todo");
  await expect(page.locator("[data-object]").first()).toBeVisible();
  const loaded = await page.evaluate(() =>
    (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).map(({ name, encodedBodySize }) => ({
      name,
      size: encodedBodySize,
    })),
  );
  const scripts = loaded.filter(({ name }) => name.endsWith(".js"));
  const kilobytes = scripts.reduce((sum, { size }) => sum + size, 0) / 1024;
  expect(scripts.length).toBeGreaterThan(3);
  expect(kilobytes).toBeGreaterThan(100); // compressed sizes are known: nothing came from a cache
  expect(kilobytes).toBeLessThan(400);
  const origin = new URL(page.url()).origin;
  expect(loaded.filter(({ name }) => !name.startsWith(origin) && !name.startsWith("blob:"))).toEqual([]);
  await context.close();
});
