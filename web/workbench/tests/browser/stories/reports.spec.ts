// The two reports that a unit owes: from the records, signed, on a phone too, reviewed, returned or kept on file.

import type { Page } from "@playwright/test";
import { expect, test } from "../people";
import { prove } from "../steps";

const phone = { width: 390, height: 844 };

async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}

async function review(page: Page, verdict: "同意" | "需补充", note = ""): Promise<void> {
  await page.getByRole("button", { name: "审核报告" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: verdict, exact: true }).check();
  if (verdict !== "同意") {
    await dialog.getByRole("checkbox", { name: "原因分析不深" }).check();
    await dialog.getByLabel("说明").fill(note);
  }
  await dialog.getByRole("button", { name: "提交审核意见" }).click();
  await expect(dialog).toBeHidden();
}

test("the office sees who owes what by when, and what is waiting passes when the last party agrees", async ({ as }) => {
  const office = await as("liangchen");
  await office.goto("/w/shiqiaoling/reports");
  await expect(office.getByText("未报送").first()).toBeVisible();
  await office.screenshot({ path: "test-results/reports-list-1366.png" });
  await office.setViewportSize({ width: 1920, height: 1080 });
  await office.screenshot({ path: "test-results/reports-list-1920.png" });

  const party = await as("duyun");
  await party.goto("/w/shiqiaoling/todo");
  await party.locator("[data-object]", { hasText: "整改进展情况报告" }).click();
  await expect(party.getByRole("heading", { level: 1 })).toContainText("县自然资源局党组整改进展情况报告");
  await expect(party.locator(".x-papers-opinions li")).toHaveCount(0);
  await party.screenshot({ path: "test-results/reports-review-1366.png", fullPage: true });
  await review(party, "同意");
  const path = new URL(party.url()).pathname;

  await office.goto(path);
  await expect(office.locator(".x-papers-opinions li")).toHaveCount(3);
  await office.getByRole("button", { name: "通过存档" }).click();
  await office.getByRole("dialog").getByRole("button", { name: "通过存档" }).click();
  await expect(office.getByText("已通过存档：县自然资源局党组整改进展情况报告")).toBeVisible();

  // The city reads it from now on.
  const city = await as("helan");
  await city.goto("/w/jingyuan/reports?below=shiqiaoling");
  await expect(city.getByRole("link", { name: "县自然资源局党组" })).toBeVisible();
});

test("the head's report counts what was recorded, is signed, and keeps its text over a return", async ({ as }) => {
  const head = await as("sunyulan");
  await head.goto("/w/shiqiaoling/head-acts");
  await expect(head.getByText("亲自部署 2，过问 1，协调 1，督办 1，批示 1")).toBeVisible();
  await head.getByRole("radio", { name: "督办" }).check();
  await head.getByLabel(/^事项/).fill("到县救助站督办长期整改事项。");
  await head.getByRole("button", { name: /^登\s*记$/ }).click();
  await expect(head.getByText("已登记：督办")).toBeVisible();
  await expect(head.getByText("亲自部署 2，过问 1，协调 1，督办 2，批示 1")).toBeVisible();
  await head.screenshot({ path: "test-results/reports-acts-1366.png", fullPage: true });

  await head.goto("/w/shiqiaoling/reports");
  await head.getByRole("button", { name: /^编\s*制\s*主要负责人组织整改情况报告/ }).click();
  await expect(head.getByRole("heading", { level: 1 })).toContainText("县民政局党组主要负责人组织整改情况报告");
  await expect(head.getByText("还没有填写总体情况。")).toBeVisible();
  await expect(head.getByRole("button", { name: "核对并签字" })).toBeDisabled();
  await head.getByLabel(/^总体情况/).fill("本人切实履行第一责任人责任。\n对重点问题亲自上手。");
  await head.reload(); // what was typed is kept
  await expect(head.getByText(/已恢复本机草稿/)).toBeVisible();
  await head.getByLabel(/^下步打算/).fill("对长期整改事项每季度调度一次。");
  await head.keyboard.press("Control+S");
  await expect(head.getByText("已保存报告")).toBeVisible();
  await expect(head.getByLabel(/^下步打算/)).toBeFocused(); // saving leaves the writer where they are
  await head.screenshot({ path: "test-results/reports-write-1366.png", fullPage: true });
  for (const gap of await head.locator(".x-report-item", { has: head.locator(".x-report-gap") }).all()) {
    await gap.getByRole("button", { name: /^补充说明/ }).click();
    await head
      .getByRole("dialog")
      .getByLabel(/^补充一句/)
      .fill("按计划推进，尚在期限内。");
    await head.getByRole("dialog").getByRole("button", { name: "保存说明" }).click();
    await expect(head.getByRole("dialog")).toBeHidden();
  }
  await head.getByText("打印预览").click();
  await expect(head.locator(".x-paper")).toContainText("亲自部署2次，过问1次，协调1次，督办2次，批示1次");
  await head.screenshot({ path: "test-results/reports-print-1366.png", fullPage: true });
  const download = head.waitForEvent("download");
  await head.getByRole("button", { name: "下载 Word" }).click();
  expect((await download).suggestedFilename()).toBe(
    "县民政局党组-主要负责人组织整改情况报告（第1期第1版）（未签字稿）.docx",
  );
  await head.getByRole("button", { name: "核对并签字" }).click();
  await expect(head.getByText("本人对报告所述组织整改情况的真实性负责。")).toBeVisible();
  await head.getByRole("button", { name: "签字", exact: true }).click();
  await prove(head);
  await expect(head.getByText("已签字，报送巡察办")).toBeVisible();
  const path = new URL(head.url()).pathname;

  const office = await as("liangchen");
  await office.goto(path);
  await office.getByRole("button", { name: "受理送审" }).click();
  await expect(office.getByText("已受理，送各方审核：县民政局党组")).toBeVisible();
  for (const [person, verdict] of [
    ["duyun", "需补充"],
    ["lvqing", "同意"],
  ] as const) {
    const page = await as(person);
    await page.goto(path);
    await review(page, verdict, "请写明督办的结果。");
  }
  await review(office, "同意");
  await office.getByRole("button", { name: "退回重报" }).click();
  const dialog = office.getByRole("dialog");
  await expect(dialog.getByRole("checkbox", { name: "原因分析不深" })).toBeChecked();
  await expect(dialog.getByLabel("退回意见")).toHaveValue("1. 请写明督办的结果。");
  await dialog.getByRole("button", { name: "退回重报" }).click();
  await expect(office.getByText("已退回：县民政局党组主要负责人组织整改情况报告")).toBeVisible();

  await head.goto(path);
  await expect(head.getByText("孙玉兰").first()).toBeVisible(); // what was signed stays signed
  await head.getByRole("button", { name: "修改重报" }).click();
  await expect(head.getByText("已另立第2版，原文字已带入")).toBeVisible();
  await expect(head.getByLabel(/^总体情况/)).toHaveValue("本人切实履行第一责任人责任。\n对重点问题亲自上手。");
  await expect(head.getByText("比上次签字（第1期第1版）")).toBeVisible();
});

test("both signatures of a progress report are given on a phone", async ({ as }) => {
  const head = await as("sunyulan", phone);
  await head.goto("/w/shiqiaoling/reports");
  await head.getByRole("button", { name: /^编\s*制\s*整改进展情况报告/ }).click();
  await expect(head.getByRole("heading", { level: 1 })).toContainText("县民政局党组整改进展情况报告");
  await head.getByLabel(/^总体情况/).fill("持续整改情况如下。");
  await head.getByLabel(/^下步打算/).fill("长期坚持。");
  await head.getByRole("button", { name: /^保\s*存$/ }).click();
  await expect(head.getByText("已保存报告")).toBeVisible();
  for (const gap of await head.locator(".x-report-item", { has: head.locator(".x-report-gap") }).all()) {
    await gap.getByRole("button", { name: /^补充说明/ }).click();
    await head
      .getByRole("dialog")
      .getByLabel(/^补充一句/)
      .fill("按计划推进，尚在期限内。");
    await head.getByRole("dialog").getByRole("button", { name: "保存说明" }).click();
    await expect(head.getByRole("dialog")).toBeHidden();
  }
  await fits(head);
  await head.screenshot({ path: "test-results/reports-write-390.png", fullPage: true });
  const id = new URL(head.url()).pathname.split("/").at(-1);
  await head.goto(`/w/shiqiaoling/cards?open=report:${id}`); // others may wait for her before it
  const sign = async (page: Page) => {
    const card = page.locator(".x-approval", { hasText: "整改进展情况报告" });
    await expect(card.getByText("对整改报告的真实性、完整性负责")).toBeVisible();
    await fits(page);
    await card.getByRole("button", { name: /^签\s*字$/ }).click();
    await prove(page);
  };
  await sign(head);
  await expect(head.getByText(/已签字，送分管领导签字/)).toBeVisible();

  const leader = await as("tangheng", phone);
  await leader.goto("/w/shiqiaoling/cards");
  await expect(leader.locator(".x-approval").getByText("孙玉兰 签字")).toBeVisible();
  await leader.screenshot({ path: "test-results/reports-card-390.png", fullPage: true });
  await sign(leader);
  await expect(leader.getByText(/已签字，报送巡察办/)).toBeVisible();
});
