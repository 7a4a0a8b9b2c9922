// The unit's plan: drafted from the ledger, signed twice over one digest, reviewed, in effect (整改方案, 双签字).

import { expect, test } from "../people";
import { prove } from "../steps";

test("a plan comes from the ledger, is signed by two people and takes effect when all parties agree", async ({
  as,
}) => {
  test.setTimeout(300_000);
  const unit = await as("yinxiaoyu");
  await unit.goto("/w/qingyu/plans");
  await unit.getByRole("button", { name: "编制整改方案" }).click();
  await unit.getByRole("button", { name: "开始编制" }).click();
  await expect(unit.getByRole("heading", { level: 1 })).toContainText("县水务局党组整改方案");
  const address = new URL(unit.url()).pathname;
  await expect(unit.getByText("还没有登记整改专题民主生活会的日期。")).toBeVisible();

  await unit.getByLabel(/组织领导（/).fill("党组成立整改工作领导小组，党组书记任组长，每半月调度一次。");
  await unit.getByLabel("整改专题民主生活会召开日期").fill("2026-07-28");
  await unit.keyboard.press("Enter");
  await unit.getByLabel("会议情况").fill("班子成员逐一对照检查，明确整改责任。");
  await unit.keyboard.press("Control+S");
  await expect(unit.getByText("已保存整改方案")).toBeVisible();
  await expect(unit.getByText("还没有登记整改专题民主生活会的日期。")).toBeHidden();
  await expect(unit.getByLabel("会议情况")).toBeFocused(); // saving leaves the writer where they are

  // What the ledger lacks is answered here with a reason, or mended there.
  for (const gap of await unit.locator(".x-plan-answer", { has: unit.locator(".x-plan-gap-blocks") }).all()) {
    await gap.getByRole("button", { name: "不认可此问题" }).click();
    const dialog = unit.getByRole("dialog");
    await dialog.getByLabel("不认可的理由和依据").fill("该事项已移交县机关事务服务中心办理。");
    await dialog.getByRole("button", { name: "保存理由" }).click();
    await expect(dialog).toBeHidden();
  }
  await expect(unit.locator(".x-plan-gap-blocks")).toHaveCount(0);

  const head = await as("caojianping");
  await head.goto(address);
  await head.getByRole("button", { name: "核对并签字" }).click();
  await expect(head.getByText("对整改方案的真实性、完整性和可行性负责")).toBeVisible();
  await head.getByRole("button", { name: "签字", exact: true }).click();
  await prove(head);
  await expect(head.getByText("已签字，送分管领导签字")).toBeVisible();
  await expect(head.getByText("待分管领导签字").first()).toBeVisible();

  const leader = await as("hansongnian", { width: 390, height: 844 });
  await leader.goto(address);
  await leader.getByRole("button", { name: "核对并签字" }).click();
  await leader.getByRole("button", { name: "签字", exact: true }).click();
  await prove(leader);
  await expect(leader.getByText("已签字，送各方审核")).toBeVisible();

  for (const [person, verdict] of [
    ["shaofeng", "同意"],
    ["baixueqin", "需补充"],
    ["zhengyichuan", "同意"],
  ] as const) {
    const page = await as(person);
    await page.goto(address);
    await expect(page.locator(".x-papers-opinions li")).toHaveCount(0);
    await page.getByRole("button", { name: "审核方案" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: verdict, exact: true }).check();
    if (verdict !== "同意") await dialog.getByLabel("说明").fill("请写明调度的记录方式。");
    await dialog.getByRole("button", { name: "提交审核意见" }).click();
    await expect(page.getByText("已提交审核意见：县水务局党组")).toBeVisible();
    if (person === "zhengyichuan") {
      await page.getByRole("button", { name: "退回修改" }).click();
      await expect(dialog.getByLabel("退回意见")).toHaveValue("1. 请写明调度的记录方式。");
      await dialog.getByRole("button", { name: "退回修改" }).click();
      await expect(page.getByText("已退回：县水务局党组整改方案")).toBeVisible();
    }
  }
  await head.reload();
  await expect(head.getByText("请写明调度的记录方式。")).toBeVisible();
  await expect(head.getByText("未签字")).toHaveCount(2);
});
