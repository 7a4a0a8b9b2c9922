// The ten-minute path of UX 5.11: one day in the offices of a province, from a to-do to what citizens read. It takes
// problems and texts of its own and leaves as many in each state as it found.

import { chromium, type Page } from "@playwright/test";
import { expect, row, test } from "./people";
import { explainGaps, giveOpinion, pasteCells, photo, prove } from "./steps";

const phone = { width: 390, height: 844 };

test("ten minutes through the offices: review, evidence, signature, overview, receipts, matter, disclosure, page", async ({
  as,
  launchOptions,
}) => {
  test.setTimeout(300_000);
  const office = await as("zhengyichuan");
  let number = "";

  await test.step("1 郑一川 begins with what is to be done", async () => {
    await expect(office).toHaveTitle(/^\(\d+\) 我的待办/);
    const review = office.locator("[data-object]", { hasText: "县水务局党组" }).filter({ hasText: "审核" }).first();
    number = (await review.textContent())?.match(/QY-\d\d-\d\d-\d{3}/)?.[0] ?? "";
    await review.click();
    await expect(office.locator(".x-review-title")).toContainText(number);
  });

  await test.step("2 two parties review, and the unit gets one return", async () => {
    const discipline = await as("shaofeng");
    await giveOpinion(discipline, number, ["s"], "请补充现场照片和整改后的记录");
    await giveOpinion(office, number, ["a"]);
    await office.locator(".x-review-queue button", { hasText: number }).click();
    await office.getByRole("button", { name: "汇总审核意见" }).click();
    await expect(office.getByLabel(/退回意见/)).toHaveValue(/请补充现场照片和整改后的记录/);
    await office.getByRole("button", { name: "退回重报", exact: true }).click();
    await expect(office.getByText(`已退回：${number}`)).toBeVisible();
  });

  await test.step("3 尹小雨 pastes two rows, uploads a photo and hands in again", async () => {
    const unit = await as("yinxiaoyu");
    await unit.goto("/w/qingyu/home");
    await expect(unit.getByText(/请补充现场照片和整改后的记录/)).toBeVisible();
    await unit.getByRole("link", { name: number }).first().click();
    await unit.getByRole("tab", { name: /措施与任务/ }).click();
    const measures = unit.locator(".x-table tbody tr");
    await expect(measures.first()).toBeVisible();
    const before = await measures.count();
    await pasteCells(
      unit,
      "拍摄整改后照片\t曹建平\t水政科\t2026.12.10\r\n整理巡查记录\t曹建平\t水政科\t2026-12-15\r\n",
    );
    await expect(unit.getByText("识别到 2 行 4 列")).toBeVisible();
    await unit.getByRole("button", { name: "保存 2 行" }).click();
    await expect(measures).toHaveCount(before + 2);

    await unit.getByRole("tab", { name: /佐证/ }).click();
    await unit.getByLabel(/本批文件不含国家秘密/).check();
    await unit.locator("input[type=file]").first().setInputFiles(photo);
    await expect(unit.getByText("已上传 1/1")).toBeVisible();
    await unit.getByRole("button", { name: "提交销号" }).click();
    const dialog = unit.getByRole("dialog");
    await explainGaps(dialog, "照片在整个事项下统一上传");
    await dialog.getByLabel("整改情况说明").fill("已补充现场照片1张");
    await dialog.getByRole("button", { name: "提交销号" }).click();
    await expect(unit.getByText(`已提交销号：${number}，等待联合审核`)).toBeVisible();
  });

  await test.step("4 韩松年 decides on a phone", async () => {
    const leader = await as("hansongnian", phone);
    await expect(leader.locator("li[data-object]", { hasText: "提请领导小组研究问责" }).first()).toBeVisible();
    expect(await fits(leader)).toBe(true);
    await leader.goto("/w/qingyu/reminders");
    await leader.locator("li[data-object]").getByText("提请领导小组研究问责").first().click();
    await leader.getByRole("button", { name: "同意提请" }).click();
    await prove(leader);
    await expect(leader.getByText(/^已同意/).first()).toBeVisible();
    expect(await fits(leader)).toBe(true);
  });

  await test.step("5 贺岚 compares the counties and goes down to one problem", async () => {
    const city = await as("helan");
    await city.goto("/w/jingyuan/overview");
    await expect(city.getByRole("link", { name: /青榆县 82\.0%.*低于/ })).toBeVisible();
    await city.getByLabel("排序").click();
    await city.getByText("按按期率排序").click();
    await expect(city.getByText("样本量小，区间重叠的县之间不宜排名。")).toBeVisible();
    await city.getByRole("link", { name: "北塬区", exact: true }).first().click();
    await city.getByRole("link", { name: "柳湾镇党委" }).click();
    await row(city, "BY-04-03-021").getByRole("link").first().click();
    await expect(city.getByRole("heading", { level: 1 })).toContainText("BY-04-03-021");
    await expect(city.getByText("重新整改").first()).toBeVisible();
  });

  const province = await as("zhouyiheng");
  await test.step("6 周毅衡 sees who owes what on a notice, and chases", async () => {
    await province.goto("/w/lanhe/linkage?tab=out");
    await row(province, "澜巡办通〔2026〕7号").getByRole("link").click();
    await expect(province.getByText(/单位 69 个：签收 67，报送 63/)).toBeVisible();
    await province.getByLabel("只看未完成").check();
    await expect(province.locator('[role="treegrid"] tbody tr[aria-level="3"]')).toHaveCount(6);
    const late = province.locator('[role="treegrid"] tbody tr[aria-level="1"]', { hasText: "望澜市" });
    await late.getByRole("button", { name: "催办" }).click();
    await expect(province.getByText("已催办 1 个单位")).toBeVisible();
    await expect(late.getByRole("button", { name: "今天已催办" })).toBeDisabled();
  });

  await test.step("7 and where the matter is that a county could not settle alone", async () => {
    await province.goto("/w/lanhe/escalations");
    await row(province, "E-2026-03").getByRole("link").click();
    await expect(province.locator(".x-stages > li")).toHaveCount(8);
    await expect(province.locator('[aria-current="step"]')).toContainText("县落实");
  });

  await test.step("8 梁晨 makes a text for the public; a phone number in it is found and masked", async () => {
    const editor = await as("liangchen");
    await editor.goto("/w/shiqiaoling/disclosures");
    await editor.getByRole("button", { name: "生成通报" }).click();
    const dialog = editor.getByRole("dialog");
    await dialog.getByLabel("被巡察单位").click();
    await editor.keyboard.type("桥西乡");
    await editor.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "生成通报" }).click();
    await expect(editor.getByRole("heading", { level: 1 })).toContainText("桥西乡党委");
    await editor.getByLabel("组织整改：履行主体责任情况").fill("乡党委逐项明确责任，联系人手机13000000000。");
    await expect(editor.getByText(/^已保存 \d\d:\d\d$/)).toBeVisible();
    await editor.getByRole("button", { name: /个人信息检查/ }).click();
    await expect(editor.getByText("还有 1 处个人信息未处理，不能审批和发布。")).toBeVisible();
    await editor.getByRole("button", { name: "脱敏为 130****0000" }).click();
    await expect(editor.getByText("没有未处理的个人信息。")).toBeVisible();
    await editor.getByRole("button", { name: /预览/ }).first().click();
    const preview = editor.frameLocator("iframe");
    await expect(preview.getByRole("heading", { level: 1 })).toContainText("桥西乡党委");
    await expect(preview.getByText("130****0000")).toBeVisible();
  });

  await test.step("9 a citizen reads a notice on a phone, without script", async () => {
    const browser = await chromium.launch(launchOptions);
    const page = await (await browser.newContext({ javaScriptEnabled: false, viewport: phone })).newPage();
    await page.goto(`${process.env.XUNCHA_PUBLIC_URL}`);
    await page.getByRole("link", { name: "石桥岭县", exact: true }).click();
    await page
      .getByRole("link", { name: /县民政局党组.*通报/ })
      .first()
      .click();
    await expect(page.locator("table.counts tbody td")).toHaveText(["14", "11", "2", "1"]);
    await expect(page.getByText("更正：第6条补充公示时间").first()).toBeVisible();
    expect(await page.locator("html").evaluate((html) => html.scrollWidth <= html.clientWidth)).toBe(true);
    await browser.close();
  });
});

/** Whether nothing has to be scrolled sideways. */
function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}
