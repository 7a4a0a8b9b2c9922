// What is done on a phone of 390×844: a unit's home (S35), and decisions card by card (S36).

import type { Page } from "@playwright/test";
import { effort } from "../effort";
import { expect, test } from "../people";
import { prove } from "../steps";

const phone = { width: 390, height: 844 };

async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}

test("a unit's home on a phone: how it stands, what came back and why, what is due, whom to ask", async ({ as }) => {
  const page = await as("yinxiaoyu", phone);
  await page.goto("/w/qingyu/home");
  await expect(page.getByRole("heading", { name: "22 个问题" })).toBeVisible();
  const counts = page.locator(".x-counts");
  await expect(counts).toContainText("已销号");
  // Tests before this one moved some on; together they are all of them.
  const each = [
    ...((await counts.textContent()) ?? "")
      .replace(/\s/g, "")
      .matchAll(/(\d+)(已销号|待审核|退回重报|整改中|长期整改)/g),
  ];
  expect(each.map(([, , state]) => state)).toEqual(["已销号", "待审核", "退回重报", "整改中", "长期整改"]);
  expect(each.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(22);
  const returned = page.locator("section", { has: page.getByRole("heading", { name: "退回重报" }) });
  await expect(returned.locator("p").first()).toHaveText(/。$/);
  await expect(page.getByRole("heading", { name: "最近到期" })).toBeVisible();
  await expect(page.locator("section", { hasText: "最近到期" }).locator("li")).toHaveCount(3);
  for (const name of ["填报进展", "上传佐证", "签收文件"]) await expect(page.getByRole("link", { name })).toBeVisible();
  const contact = page.locator("section", { has: page.getByRole("heading", { name: "有疑问请联系" }) });
  await expect(contact.getByText("郑一川")).toBeVisible();
  await expect(contact.locator('a[href^="tel:"]').first()).toBeVisible();
  await fits(page);
  await page.screenshot({ path: "test-results/home-390.png", fullPage: true });
});

test("the leading group signs on a phone, in three taps at most from the to-do", async ({ as }) => {
  const page = await as("hansongnian", phone);
  await page.goto("/w/qingyu/todo");
  await page.screenshot({ path: "test-results/todo-390.png", fullPage: true });
  const tasks = page.locator("li[data-object]");
  await expect(tasks.filter({ hasText: "签发" }).first()).toBeVisible();
  const waiting = await tasks.count(); // what the story and the tests before left for him

  const taps = await effort(page, "approver signs on a phone, from the to-do");
  await tasks.filter({ hasText: "签发" }).first().click();
  const card = page.locator(".x-approval");
  await expect(card.getByText("接收单位", { exact: true })).toBeVisible();
  await expect(page.getByText(`待审批 ${waiting} 项`)).toBeVisible();
  await fits(page);
  await page.screenshot({ path: "test-results/card-390.png" });
  const agree = card.getByRole("button", { name: "同意" });
  expect((await agree.boundingBox())?.height).toBe(60);
  expect((await card.getByRole("button", { name: "退回" }).boundingBox())?.height).toBe(60);
  const title = (await card.getByRole("heading", { level: 2 }).textContent()) as string;
  await agree.click();
  // What is signed is proved once more: one tap here, and the portal's own question in its window.
  await prove(page);
  await expect(page.getByText(`已签发：${title}`)).toBeVisible();
  await taps.within({ presses: 3 });

  // The next card comes by itself; the other way asks for a reason, which a phrase gives.
  await expect(page.getByText(`待审批 ${waiting - 1} 项`)).toBeVisible();
  await expect(card.getByRole("heading", { level: 2 })).not.toHaveText(title);
  await page.screenshot({ path: "test-results/card-next-390.png" });
  await card.getByRole("button", { name: /^(退回|不发)$/ }).click();
  await expect(card.getByRole("button", { name: /^(退回|不发)$/ })).toBeDisabled();
  await card.locator(".x-approval-phrases button").first().click();
  await page.screenshot({ path: "test-results/card-refuse-390.png" });
  if (waiting < 3) return; // the last card is for the tests that follow
  await card.getByRole("button", { name: /^(退回|不发)$/ }).click();
  await expect(page.getByText(`待审批 ${waiting - 2} 项`)).toBeVisible();
});

test("a paper that was withdrawn needs no decision, and an empty desk says so", async ({ as }) => {
  const page = await as("hansongnian", phone);
  await page.goto("/w/qingyu/cards");
  const card = page.locator(".x-approval");
  await expect(card.getByRole("button", { name: "同意" })).toBeVisible();
  // Somebody decides it meanwhile: the answer of the service says that it is in no state for this.
  await page.route(/\/(approve|issue|sign)$/, (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "/problems/wrong-state", status: 409, detail: "此件已由他人办理。" }),
    }),
  );
  const empty = page.getByText("没有待审批事项");
  while (!(await empty.isVisible())) {
    await card.getByRole("button", { name: "同意" }).click();
    await expect(page.getByText("文件已被撤回，无需审批")).toBeVisible();
    await page.screenshot({ path: "test-results/card-gone-390.png" });
    await page.getByRole("button", { name: "看下一件" }).click();
    await expect(card.or(empty)).toBeVisible();
  }
  await page.screenshot({ path: "test-results/card-empty-390.png" });
});

test("who has waited too long proves once more who is there, and the card goes on", async ({ as }) => {
  const page = await as("guxiaolan", phone);
  await page.goto("/w/qingyu/cards");
  const card = page.locator(".x-approval");
  await expect(card.getByRole("button", { name: "同意" })).toBeVisible();
  const title = (await card.getByRole("heading", { level: 2 }).textContent()) as string;
  let asked = false;
  await page.route(/\/(approve|issue|sign)$/, (route) => {
    if (asked) return route.continue();
    asked = true;
    return route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "/problems/step-up-required", status: 403, detail: "此操作需要再次验证身份。" }),
    });
  });
  await card.getByRole("button", { name: "同意" }).click();
  await prove(page);
  await expect(page.getByText(new RegExp(`已.*：${title}`))).toBeVisible();
});
