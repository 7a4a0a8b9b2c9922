// One problem from the unit's desk through the joint review and back (UX 5.11, steps 1 to 3).

import type { Page } from "@playwright/test";
import { expect, test } from "./people";
import { explainGaps, giveOpinion, pasteCells, photo } from "./steps";

async function firstOf(page: Page, query: string): Promise<string> {
  await page.goto(`/w/qingyu/ledger?${query}`);
  const link = page.locator("[data-object] .x-number-cell a").first();
  const number = await link.textContent();
  await link.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(number as string);
  return number as string;
}

test("a unit reports, proves and hands in; two parties review; one return, one resubmission, closed", async ({
  as,
}) => {
  test.setTimeout(300_000);
  const unit = await as("yinxiaoyu");
  const number = await firstOf(unit, "state=working&sort=number");
  await unit.getByLabel("最新进展").fill("已与松渡县水利局建立联合巡查机制，每月巡查2次");
  await unit.keyboard.press("Control+S");
  await expect(unit.getByText("已保存填报内容")).toBeVisible();

  // A block from Excel becomes measures; the vague date stays to be corrected.
  await unit.getByRole("tab", { name: /措施与任务/ }).click();
  const before = await unit.locator(".x-table tbody tr").count();
  await pasteCells(
    unit,
    '"补充巡查记录，\n逐条说明原因"\t曹建平\t水政科\t2026.12.15\r\n公示巡查结果\t曹建平\t水政科\t12月底前\r\n',
  );
  await expect(unit.getByText("识别到 2 行 4 列")).toBeVisible();
  await expect(unit.getByText("其中 1 行需要修改")).toBeVisible();
  await unit.getByRole("button", { name: "保存 1 行" }).click();
  await expect(unit.getByText("已新增 1 项措施")).toBeVisible();
  await unit.getByLabel("第 2 行 完成时限").fill("2026-12-31");
  await unit.getByRole("button", { name: "保存 1 行" }).click();
  await expect(unit.locator(".x-table tbody tr")).toHaveCount(before + 2);

  await unit.getByRole("tab", { name: /佐证/ }).click();
  await unit.getByLabel(/本批文件不含国家秘密/).check();
  await unit
    .locator("input[type=file]")
    .first()
    .setInputFiles([photo, { ...photo, name: "病毒.exe" }]);
  await expect(unit.getByText("病毒.exe 未添加：不支持这种文件")).toBeVisible();
  await expect(unit.getByText("已上传 1/1")).toBeVisible();
  await unit.getByRole("button", { name: "整改现场.png", exact: true }).click();
  await expect(unit.getByRole("dialog").getByRole("img", { name: "整改现场.png" })).toBeVisible();
  await unit.keyboard.press("Escape");

  await unit.getByRole("button", { name: "提交销号" }).click();
  const dialog = unit.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "提交销号" })).toBeDisabled();
  await expect(dialog.getByText(/项措施未标记完成/)).toBeVisible();
  await expect(dialog.getByText(/另有 \d+ 份整个事项的佐证/)).toBeVisible();
  await explainGaps(dialog, "佐证在整个事项下统一上传");
  await expect(dialog.getByRole("button", { name: "提交销号" })).toBeDisabled();
  await dialog.getByLabel("整改情况说明").fill("已整改，附现场照片1张");
  await dialog.getByRole("button", { name: "提交销号" }).click();
  await expect(unit.getByText(`已提交销号：${number}，等待联合审核`)).toBeVisible();

  const discipline = await as("shaofeng");
  await giveOpinion(discipline, number, ["s"], "只有一张照片，请补充巡查记录");
  const office = await as("zhengyichuan");
  await giveOpinion(office, number, ["a"]);

  await office.locator(".x-review-queue button", { hasText: number }).click();
  await office.getByRole("button", { name: "汇总审核意见" }).click();
  const letter = office.getByLabel(/退回意见/);
  await expect(letter).toHaveValue(/只有一张照片，请补充巡查记录/);
  await office.getByRole("button", { name: "退回重报", exact: true }).click();
  await expect(office.getByText(`已退回：${number}`)).toBeVisible();

  await unit.goto("/w/qingyu/home");
  await expect(unit.getByText(/只有一张照片/)).toBeVisible();
  await unit.goto("/w/qingyu/ledger?state=returned");
  await unit.locator("[data-object] a", { hasText: number }).click();
  await unit.getByRole("button", { name: "提交销号" }).click();
  await explainGaps(dialog, "巡查记录已补充在整个事项下");
  await dialog.getByLabel("整改情况说明").fill("已补充8月至11月巡查记录8份");
  await dialog.getByRole("button", { name: "提交销号" }).click();
  await expect(unit.getByText(`已提交销号：${number}，等待联合审核`)).toBeVisible();

  await giveOpinion(discipline, number, ["a"]);
  await giveOpinion(office, number, ["a"]);
  await office.locator(".x-review-queue button", { hasText: number }).click();
  await office.getByRole("button", { name: "汇总审核意见" }).click();
  await office.getByRole("dialog").getByRole("button", { name: "销号", exact: true }).click();
  await expect(office.getByText(`已销号：${number}`)).toBeVisible();
});

test("no party sees another's opinion before its own; one says no and one letter has all reasons", async ({ as }) => {
  const office = await as("zhengyichuan");
  await office.goto("/w/qingyu/review");
  await expect(office.locator(".x-review-title")).toBeVisible();
  const number = (await office.locator(".x-review-queue button").last().locator("strong").textContent()) as string;
  const discipline = await as("shaofeng");
  await giveOpinion(discipline, number, ["d"], "佐证只到八月，看不出是否长期坚持");
  await office.reload();
  await office.locator(".x-review-queue button", { hasText: number }).click();
  await expect(office.getByText(/1\/2 已审/).first()).toBeVisible();
  await expect(office.locator("main")).not.toContainText("佐证只到八月");
  await giveOpinion(office, number, ["s"], "缺少公示照片");
  await office.locator(".x-review-queue button", { hasText: number }).click();
  await expect(office.locator("main")).toContainText("佐证只到八月");
  await office.getByRole("button", { name: "汇总审核意见" }).click();
  const letter = office.getByLabel(/退回意见/);
  await expect(letter).toHaveValue(/佐证只到八月，看不出是否长期坚持/);
  await expect(letter).toHaveValue(/缺少公示照片/);
  await expect(office.getByRole("dialog").getByRole("button", { name: "销号", exact: true })).toHaveCount(0);
  await office.getByRole("button", { name: "退回重报", exact: true }).click();
  await expect(office.getByText(`已退回：${number}`)).toBeVisible();
});

test("whoever was slower sees who was faster, and loses nothing typed", async ({ as }) => {
  const slow = await as("yinxiaoyu");
  const fast = await as("caojianping");
  await firstOf(slow, "state=working&sort=-number");
  await fast.goto(slow.url());
  await slow.getByLabel("最新进展").fill("我写的进展");
  await fast.getByLabel("最新进展").fill("局长写的进展");
  await fast.getByRole("button", { name: "保存填报" }).click();
  await expect(fast.getByText("已保存填报内容")).toBeVisible();
  await slow.getByRole("button", { name: "保存填报" }).click();
  await expect(slow.getByText(/曹建平 .*已更新此条，填写的内容仍保留在本页/)).toBeVisible();
  await expect(slow.getByLabel("最新进展")).toHaveValue("我写的进展");
  await slow.getByRole("button", { name: "查看差异" }).click();
  const differences = slow.getByRole("dialog").getByRole("row", { name: /最新进展/ });
  await expect(differences).toContainText("我写的进展");
  await expect(differences).toContainText("局长写的进展");
  await slow.getByRole("button", { name: "保留我的内容" }).click();
  await expect(slow.getByText("已保存填报内容")).toBeVisible();
});
