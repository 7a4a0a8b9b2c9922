// From the ledger to the public page: the editor (S24), and what citizens read without script (P03–P05, P14).

import { type Browser, chromium, type Page } from "@playwright/test";
import { effort } from "./effort";
import { expect, row, test } from "./people";
import { prove } from "./steps";

const site = process.env.XUNCHA_PUBLIC_URL ?? "";
const county = "/jingyuan/shiqiaoling";
const notice = `${county}/zg/SQL-XC-2026-05-02`;

/** A citizen's browser: script is off. */
async function citizen(browser: Browser, width: number): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width, height: 812 } });
  return context.newPage();
}

test("personal data is found, masked and gone before a draft goes on", async ({ as }) => {
  const page = await as("liangchen");
  await page.goto("/w/shiqiaoling/disclosures");
  await row(page, "县交通运输局党组").getByRole("link").first().click();
  await page.getByRole("button", { name: /个人信息检查/ }).click();
  await expect(page.getByText("还有 3 处个人信息未处理，不能审批和发布。")).toBeVisible();
  for (const left of [2, 1]) {
    await page
      .getByRole("button", { name: /^脱敏为/ })
      .first()
      .click();
    await expect(page.getByText(`还有 ${left} 处个人信息未处理`)).toBeVisible();
  }
  await page
    .getByRole("button", { name: /^删\s*除$/ })
    .first()
    .click();
  await expect(page.getByText("没有未处理的个人信息。")).toBeVisible();
  await page.getByRole("button", { name: /预览/ }).first().click();
  await expect(page.frameLocator("iframe").getByRole("heading", { level: 1 })).toContainText("县交通运输局党组");
});

test("words save themselves and meet the ledger side by side", async ({ as }) => {
  const page = await as("liangchen");
  await page.goto("/w/shiqiaoling/disclosures");
  await row(page, "县交通运输局党组").getByRole("link").first().click();
  await page.getByLabel("联系电话").fill("0991-5550177");
  await expect(page.getByText(/^已保存 \d\d:\d\d$/)).toBeVisible();
  await page
    .getByRole("button", { name: /逐条确认/ })
    .first()
    .click();
  const title = page.getByLabel(/^标题/).first();
  await title.fill("问题标题已改写");
  await page
    .getByRole("button", { name: /范围与来源/ })
    .first()
    .click(); // leaving a step saves
  await page
    .getByRole("button", { name: /逐条确认/ })
    .first()
    .click();
  await expect(title).toHaveValue("问题标题已改写");
  await page.reload();
  await expect(page.getByLabel(/^标题/).first()).toHaveValue("问题标题已改写");
});

test("the office reviews what the unit's head confirmed, and sends it back", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/disclosures");
  await row(page, "县水务局党组").getByRole("link").first().click();
  await expect(page.getByText("没有未处理的个人信息")).toBeVisible();
  await page.getByRole("button", { name: "审核通过" }).click();
  await expect(page.getByText("等待审批")).toBeVisible();

  const director = await as("guxiaolan");
  await director.goto(new URL(page.url()).pathname);
  await director.getByRole("button", { name: "退回修改" }).click();
  await director.getByLabel("退回原因").fill("第3条写明完成时间");
  await director.getByRole("dialog").getByRole("button", { name: "退回修改" }).click();
  await expect(director.getByText("退回修改：第3条写明完成时间")).toBeVisible();
});

test("citizens read the notice at 375 px without script, sideways scrolling, cookies or third parties", async ({
  launchOptions,
}) => {
  const browser = await chromium.launch(launchOptions);
  const page = await citizen(browser, 375);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(site);
  await page.getByRole("link", { name: "石桥岭县", exact: true }).click();
  await page
    .getByRole("link", { name: /县民政局党组.*通报/ })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`${notice}$`));
  const counts = page.locator("table.counts tbody td");
  await expect(counts).toHaveText(["14", "11", "2", "1"]);
  await expect(page.getByText("更正：第6条补充公示时间").first()).toBeVisible();
  await page.getByText("查看更正前内容").click();
  await expect(page.getByText("每月公示收支").first()).toBeVisible();
  for (const path of ["", county, `${county}/list`, notice, `${notice}?size=l`]) {
    await page.goto(site + path);
    for (const width of [375, 320]) {
      await page.setViewportSize({ width, height: 812 });
      const over = await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
      expect(over, `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
  expect(await page.context().cookies()).toEqual([]);
  expect(asked.filter((url) => !url.startsWith(site))).toEqual([]);
  await browser.close();
});

test("the list is narrowed by a form, and a page that never was is told as such", async ({ launchOptions }) => {
  const browser = await chromium.launch(launchOptions);
  const page = await citizen(browser, 1280);
  await page.goto(`${site}${county}/list`);
  await page.getByLabel("单位或标题").fill("民政");
  await page.getByRole("button", { name: "查询" }).click();
  await expect(page.getByText("共 1 份符合条件的通报")).toBeVisible();
  await page.getByLabel("单位或标题").fill("没有这个单位");
  await page.getByRole("button", { name: "查询" }).click();
  await expect(page.getByText("没有符合条件的通报。")).toBeVisible();
  const answer = await page.goto(`${site}${county}/zg/SQL-XC-2026-05-77`);
  expect(answer?.status()).toBe(404);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "跳到正文" })).toBeFocused();
  await browser.close();
});

test("a citizen searches from the home page, and is led to the finding that says it", async ({ launchOptions }) => {
  const browser = await chromium.launch(launchOptions);
  const page = await citizen(browser, 375);
  await page.goto(site);
  const field = page.getByLabel(/^查询澜河省的通报/);
  await field.fill("水");
  await field.press("Enter");
  await expect(page.getByText("请至少输入两个字。")).toBeVisible();
  await page.getByLabel("单位、标题或内容").fill("敬老院 公示");
  await page.getByRole("button", { name: "查询" }).click();
  await expect(page.getByText(/查到 \d+ 份通报/)).toBeVisible();
  await expect(page.locator("mark").first()).toHaveText(/敬老院|公示/);
  await page
    .getByRole("link", { name: /^第\d+条$/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/zg\/SQL-XC-2026-05-02#f\d+$/);
  await page.goto(`${site}/search?q=${encodeURIComponent("没有这个单位")}`);
  await expect(page.getByRole("heading", { name: "没有查到，可以这样试" })).toBeVisible();
  const over = await page.locator("html").evaluate((html) => html.scrollWidth - html.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
  await browser.close();
});

test("a correction walks the whole way to its time and is taken off again", async ({ as }) => {
  const office = await as("liangchen");
  await office.goto("/w/shiqiaoling/disclosures");
  const hands = await effort(office, "text of 14 problems ready to published disclosure, four hands");
  await row(office, "县民政局党组").getByRole("link").first().click();
  await office.getByRole("button", { name: /^更\s*正$/ }).click();
  await office.getByLabel("更正说明").fill("第7条补充完成时间");
  await office.getByRole("button", { name: "开始更正" }).click();
  await expect(office.getByText("公开页仍为第 2 版")).toBeVisible();
  const path = new URL(office.url()).pathname;
  await office.goto(`${path}?step=scope`); // a long-term item was given another day since
  await office.getByRole("button", { name: "重新取数" }).click();
  await expect(office.getByText("台账在生成公开稿后有变化")).toHaveCount(0);
  await office.goto(`${path}?step=approval`);
  await office.getByRole("button", { name: "送单位确认" }).click();
  await expect(office.getByText("等待单位主要负责人确认。")).toBeVisible();

  const head = await as("sunyulan");
  await hands.also(head);
  await head.goto("/w/shiqiaoling/todo");
  await expect(head.getByText(/中共石桥岭县民政局党组关于县委巡察集中整改进展情况的通报/).first()).toBeVisible();
  await head.goto(path);
  await head.getByRole("button", { name: "确认公开稿" }).click();
  await expect(head.getByText("等待巡察办审核。")).toBeVisible();

  await office.goto(path);
  await office.getByRole("button", { name: "审核通过" }).click();
  await expect(office.getByText("等待审批")).toBeVisible();

  const director = await as("weidong");
  await hands.also(director);
  await director.goto(path);
  await director.getByRole("button", { name: "审批通过" }).click();
  await prove(director);
  await expect(director.getByText(/已审批/).first()).toBeVisible();

  await office.goto(path);
  await office.getByRole("button", { name: "核对后定时发布" }).click();
  await office.getByRole("button", { name: "定时发布", exact: true }).click();
  await prove(office);
  await expect(office.getByRole("button", { name: "取消发布" })).toBeVisible();
  await hands.within({ presses: 15 });
  await office.getByRole("button", { name: "取消发布" }).click();
  await expect(office.getByRole("button", { name: "核对后定时发布" })).toBeVisible();
});
