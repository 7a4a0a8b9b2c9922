// The suspected fake rectification (UX 5.7): what the office, the city and the unit see of it, and a signal of today
// from the letter to the two persons' conclusion.

import { expect, test } from "../people";
import { prove } from "../steps";

const number = "BY-04-03-021";

test("the office and the city read the signals with their reasons; the unit its questions alone", async ({ as }) => {
  const office = await as("jitong");
  await office.goto("/w/beiyuan/doubts");
  await expect(office.locator("[data-object]")).toHaveCount(5);
  await expect(office.getByText(/IMG_0712\.jpg 与 BY-04-03-008（.+）的佐证 公厕整治后\.jpg 是同一文件/)).toBeVisible();
  await expect(office.getByText(/与 BY-04-02-004（区城管局党组）的措施文字相似度 0\.96/)).toBeVisible();
  await expect(office.getByRole("table").first()).toContainText("1/1");

  await office.locator("[data-object] a", { hasText: number }).first().click();
  await expect(office.getByRole("heading", { name: "存疑核查" })).toBeVisible();
  const minutes = office.getByRole("article", { name: `事后制作：${number}` });
  await expect(minutes).toContainText("注明形成于 2026-07-03，文件创建于 2026-08-17，晚 45 天");
  await expect(minutes).toContainText("纪桐");
  await expect(minutes).toContainText("区纪委监委核查人");

  await office.getByRole("tab", { name: /佐证/ }).click();
  await expect(office.getByText("拍摄 2026-03-02 10:21")).toBeVisible();
  await expect(office.getByText("文件创建 2026-08-17 15:42")).toBeVisible();

  const city = await as("helan");
  await city.goto("/w/jingyuan/doubts?below=beiyuan");
  await expect(city.locator("[data-object]")).toHaveCount(5);

  const unit = await as("fanzhiqiang");
  await unit.goto(office.url());
  await unit.getByRole("tab", { name: "概况" }).click();
  const asked = unit.getByRole("article", { name: `同一文件：${number}` });
  await expect(asked).toContainText("IMG_0712.jpg 与其他事项的佐证是同一文件");
  await expect(asked).toContainText("属实");
  await expect(unit.locator("body")).not.toContainText("BY-04-03-008");
  await expect(unit.locator("body")).not.toContainText("区纪委监委核查人");
  await expect(unit.getByRole("link", { name: "存疑核查" })).toHaveCount(0);
});

test("what a letter says is entered, answered by the unit, and decided by two persons", async ({ as }) => {
  const office = await as("guxiaolan");
  await office.goto("/w/qingyu/ledger?state=submitted&sort=number");
  const link = office.locator("[data-object] .x-number-cell a").first();
  const name = (await link.textContent()) as string;
  await link.click();
  await office.getByRole("button", { name: "登记存疑" }).click();
  const dialog = office.getByRole("dialog");
  await dialog.getByLabel(/来源/).fill("来信");
  await dialog.getByLabel("日期").fill("2026-11-19");
  await dialog.getByLabel("日期").press("Enter");
  await dialog.getByLabel("反映内容").fill("王某反映情况没有变化");
  await dialog.getByLabel(/请单位说明/).fill("有来信反映情况没有变化，请说明现状。");
  await dialog.getByRole("button", { name: "登记存疑" }).click();
  await expect(office.getByText(`已登记存疑：${name}`)).toBeVisible();
  const card = office.getByRole("article", { name: `再次被反映：${name}` });
  await expect(card).toContainText("王某反映情况没有变化");
  await expect(async () => {
    await office.reload();
    await expect(office.getByText("？存疑待核").first()).toBeVisible({ timeout: 2000 });
  }).toPass();

  await card.getByRole("button", { name: "登记现场核查" }).click();
  await office.getByRole("radio", { name: "排除" }).check();
  await office.getByLabel("现场情况").fill("已到现场，整改属实");
  await office.getByRole("button", { name: "签署结论" }).click();
  await prove(office);
  await expect(office.getByText("已登记，待第二人核查")).toBeVisible();
  await expect(card.getByRole("button")).toHaveCount(0);

  const discipline = await as("shaofeng");
  await discipline.goto(office.url());
  const second = discipline.getByRole("article", { name: `再次被反映：${name}` });
  await second.getByRole("button", { name: "登记第二人结论" }).click();
  await discipline.getByRole("radio", { name: "排除" }).check();
  await discipline.getByLabel("现场情况").fill("同意，现场已整改");
  await discipline.getByRole("button", { name: "签署结论" }).click();
  await prove(discipline);
  await expect(discipline.getByText("两人结论一致：排除")).toBeVisible();
  await expect(async () => {
    await discipline.reload();
    await expect(second).toBeVisible();
    await expect(discipline.getByText("？存疑待核")).toHaveCount(0, { timeout: 2000 });
  }).toPass();
});
