// Later days for several items at once (UX S14): the unit asks in one list, its head signs once what the list shows, the
// director decides item by item.

import type { Page } from "@playwright/test";
import { expect, test } from "../people";
import { decideRequest, prove, uploadEvidence } from "../steps";

/** Pictures of a page as it is looked at: both screens of the office, and a phone. */
async function pictures(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.screenshot({ path: `test-results/${name}-${width}.png`, fullPage: width === 390 });
  }
  await page.setViewportSize({ width: 1366, height: 768 });
}

const later = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

test("a unit asks for two items in one list, its head signs it once, the director decides each", async ({ as }) => {
  test.setTimeout(240_000);
  const unit = await as("yinxiaoyu");
  await unit.setViewportSize({ width: 1366, height: 768 });
  await unit.goto("/w/qingyu/extension-lists/new");
  const rows = unit.locator("tbody tr").filter({ hasNotText: "逾期" }); // other stories are about what is late
  await expect(rows.first()).toBeVisible();
  const asked: { number: string; due: string; href: string }[] = [];
  for (const at of [0, 1]) {
    const number = ((await rows.nth(at).locator(".x-code").textContent()) as string).trim();
    const due = ((await rows.nth(at).locator("td").nth(2).textContent()) as string).match(/\d{4}-\d{2}-\d{2}/)?.[0];
    asked.push({ number, due: due as string, href: "" });
  }
  for (const item of asked) {
    await unit.goto(`/w/qingyu/ledger?q=${item.number}`);
    const link = unit.locator("[data-object] .x-number-cell a", { hasText: item.number });
    item.href = (await link.getAttribute("href", { timeout: 15_000 })) as string;
  }
  for (const { href } of asked) {
    await unit.goto(href);
    await uploadEvidence(unit, "汛期停工通知.png");
  }

  await unit.goto("/w/qingyu/extension-lists/new");
  await expect(unit.getByRole("button", { name: "提出申请" })).toBeDisabled();
  for (const { number } of asked) await unit.getByRole("checkbox", { name: number }).check();
  const until = later(asked[0]?.due as string, 45);
  const own = later(asked[1]?.due as string, 35);
  await unit.getByLabel("新期限", { exact: true }).fill(until);
  await unit.getByLabel("新期限", { exact: true }).press("Enter");
  await unit.getByLabel("申请原因", { exact: true }).fill("汛期停工一个月，主体工程顺延。");
  const second = asked[1]?.number as string;
  await unit.getByLabel(`${second} 单独的新期限`).fill(own);
  await unit.getByLabel(`${second} 单独的新期限`).press("Enter");
  await unit.getByLabel(`${second} 单独的原因`).fill("招标流标一次，重新公告。");
  await pictures(unit, "list-asking");
  await unit.getByRole("button", { name: "提出申请" }).click();
  await expect(unit.getByText("已提出 2 项延期申请，等待主要负责人签署")).toBeVisible();
  await expect(unit.getByRole("heading", { name: "批量延期申请" })).toBeVisible();
  await expect(unit.getByText("等待主要负责人", { exact: true })).toBeVisible();
  await expect(unit.getByRole("button", { name: "签署" })).toHaveCount(0);
  await pictures(unit, "list-asked");

  const head = await as("caojianping");
  await head.setViewportSize({ width: 1366, height: 768 });
  await head.goto("/w/qingyu/todo");
  await head.locator("[data-object]", { hasText: "批量申请延期：2 项" }).click();
  await head.getByRole("button", { name: "签署", exact: true }).click();
  for (const { number } of asked) await expect(head.getByText(number, { exact: true })).toBeVisible();
  await expect(head.getByText(`延期至 ${own}`, { exact: false })).toBeVisible();
  await expect(head.getByRole("listitem").filter({ hasText: "汛期停工通知.png" })).toHaveCount(2); // what each rests on
  await pictures(head, "list-signing");
  await head.getByRole("button", { name: "签署", exact: true }).click();
  await prove(head);
  await expect(head.getByText("已签署 2 项延期申请，等待逐项审批")).toBeVisible();
  await expect(head.getByText("待审批", { exact: true })).toHaveCount(2);

  const director = await as("guxiaolan");
  const decide = async (at: number, name: string, field: string, text: string, day?: string) => {
    await director.goto("/w/qingyu/todo");
    await director
      .locator("[data-object]", { hasText: asked[at]?.number as string })
      .first()
      .click();
    await decideRequest(director, name, field, text, day);
  };
  const granted = later(until, -5);
  await decide(0, "批准", "审批意见", "情况属实，从紧安排。", granted);
  await prove(director);
  await expect(director.getByText(`已批准延期：${asked[0]?.number}`)).toBeVisible();
  await expect(director.locator(".x-panel", { hasText: "期限沿革" }).getByRole("listitem").first()).toContainText(
    granted,
  );
  await decide(1, "不予批准", "不予批准的理由", "应提前谋划，请按原期限推进。");
  await expect(director.getByText(`不予批准延期：${second}，期限不变`)).toBeVisible();

  await unit.reload();
  await expect(unit.getByText("已批准", { exact: true })).toBeVisible();
  await expect(unit.getByText("不予批准", { exact: true })).toBeVisible();
  await pictures(unit, "list-decided");
});
