// A PDF is shown as pictures; a reviewer notes on a page of it, and the unit reads it with the return.

import type { Page } from "@playwright/test";
import { expect, test } from "../people";
import { explainGaps, giveOpinion } from "../steps";

/** A PDF of three pages, as a program writes it, that would act when it is opened. */
async function report(page: Page): Promise<Buffer> {
  const blank = await page.context().newPage();
  await blank.setContent(
    ["整改报告", "会议签到表", "制度文本"].map((text) => `<h1 style="break-after: page">${text}</h1>`).join(""),
  );
  const pdf = await blank.pdf({ format: "A4" });
  await blank.close();
  return Buffer.concat([pdf, Buffer.from("\n99 0 obj\n<</S/JavaScript/JS(app.alert\\(1\\))>>\nendobj\n%%EOF\n")]);
}

async function opened(page: Page, name: string) {
  await page.getByRole("button", { name, exact: true }).first().click();
  return page.getByRole("dialog");
}

test("a reviewer notes on a page of a PDF; the other party and the unit read it when it is their turn", async ({
  as,
}) => {
  test.setTimeout(300_000);
  const unit = await as("yinxiaoyu");
  await unit.goto("/w/qingyu/ledger?state=working&sort=-number");
  const link = unit.locator("[data-object] .x-number-cell a").nth(2);
  const number = (await link.textContent()) as string;
  await link.click();
  await unit.getByRole("tab", { name: /佐证/ }).click();
  await unit.getByLabel(/本批文件不含国家秘密/).check();
  const name = "整改报告.pdf";
  await unit
    .locator("input[type=file]")
    .first()
    .setInputFiles([{ name, mimeType: "application/pdf", buffer: await report(unit) }]);
  await expect(unit.getByText("已上传 1/1")).toBeVisible();
  await expect(unit.getByText("未检测病毒").last()).toBeVisible();
  let viewer = await opened(unit, name);
  await expect(viewer.getByRole("img", { name: `${name} 第 1 页` })).toBeVisible();
  await expect(viewer.locator("iframe, object, embed")).toHaveCount(0);
  await viewer.getByRole("navigation", { name: "页面列表" }).getByRole("button", { name: "3", exact: true }).click();
  await expect(viewer.getByRole("img", { name: `${name} 第 3 页` })).toBeVisible();
  await unit.keyboard.press("PageUp");
  await expect(viewer.getByRole("img", { name: `${name} 第 2 页` })).toBeVisible();
  await expect(viewer.getByLabel(/批注第/)).toHaveCount(0);
  await unit.keyboard.press("Escape");
  await unit.getByRole("button", { name: "提交销号" }).click();
  const dialog = unit.getByRole("dialog");
  await explainGaps(dialog, "佐证在整个事项下统一上传");
  await dialog.getByLabel("整改情况说明").fill("已整改，附报告");
  await dialog.getByRole("button", { name: "提交销号" }).click();
  await expect(unit.getByText(`已提交销号：${number}，等待联合审核`)).toBeVisible();

  const discipline = await as("shaofeng", { width: 1366, height: 768 });
  await discipline.goto("/w/qingyu/review");
  await discipline.locator(".x-review-queue button", { hasText: number }).click();
  viewer = await opened(discipline, name);
  await expect(viewer.getByText("PDF 含脚本、可执行动作或内嵌文件，只以图片显示")).toBeVisible();
  await viewer.getByRole("navigation", { name: "页面列表" }).getByRole("button", { name: "2", exact: true }).click();
  await expect(viewer.getByText("还缺：批注")).toBeVisible();
  await viewer.getByLabel("批注第 2 页").fill("签到表缺两人签字");
  await viewer.getByRole("button", { name: "保存批注" }).click();
  await expect(viewer.getByText("签到表缺两人签字", { exact: true })).toBeVisible();
  await viewer.getByLabel("批注第 2 页").fill("写错了");
  await viewer.getByRole("button", { name: "保存批注" }).click();
  await viewer
    .getByRole("button", { name: "撤回 批注：写错了" })
    .or(viewer.getByRole("button", { name: "撤回批注：写错了" }))
    .click();
  await expect(viewer.getByText("批注 1 条")).toBeVisible();
  await expect(viewer.getByRole("img", { name: `${name} 第 2 页` })).toBeVisible();
  await discipline.screenshot({ path: "test-results/notes-1366.png" });
  await discipline.setViewportSize({ width: 1920, height: 1080 });
  await discipline.screenshot({ path: "test-results/notes-1920.png" });
  await discipline.keyboard.press("Escape");

  const office = await as("zhengyichuan");
  await office.goto("/w/qingyu/review");
  await office.locator(".x-review-queue button", { hasText: number }).click();
  viewer = await opened(office, name);
  await expect(viewer.getByLabel("批注第 1 页")).toBeVisible();
  await expect(viewer.getByText("签到表缺两人签字")).toHaveCount(0);
  await office.keyboard.press("Escape");

  await giveOpinion(discipline, number, ["s"], "见批注");
  await giveOpinion(office, number, ["a"]);
  await office.locator(".x-review-queue button", { hasText: number }).click();
  await office.getByRole("button", { name: "汇总审核意见" }).click();
  await office.getByRole("button", { name: "退回重报", exact: true }).click();
  await expect(office.getByText(`已退回：${number}`)).toBeVisible();

  await unit.reload();
  await unit.getByRole("tab", { name: /佐证/ }).click();
  viewer = await opened(unit, name);
  await expect(viewer.getByText("签到表缺两人签字")).toBeVisible();
  await viewer.getByRole("button", { name: "第 2 页" }).click();
  await expect(viewer.getByRole("img", { name: `${name} 第 2 页` })).toBeVisible();
});
