// A unit's own Excel ledger becomes problems and measures of the office's ledger, and can be taken back (issue: ledger import).

import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, test } from "./people";

const ledger = fileURLToPath(new URL("../ledger-hekou.xlsx", import.meta.url));

async function chooseUnit(page: Page): Promise<void> {
  await page.goto("/w/qingyu/imports/new");
  await page.getByLabel("被巡察单位").click();
  await page.keyboard.type("河口");
  await page.keyboard.press("Enter");
  await expect(page.locator("main").getByTitle("河口镇党委")).toBeVisible();
}

async function upload(page: Page): Promise<void> {
  await chooseUnit(page);
  await page.locator("input[type=file]").setInputFiles(ledger);
  await page.getByLabel(/本文件不含国家秘密/).check();
  await page.getByRole("button", { name: "上传并核对" }).click();
  await expect(page.getByText("读到 16 个问题、29 条措施")).toBeVisible({ timeout: 30_000 });
}

// Other tests count the problems of this ledger: whatever failed, an import is not left in it.
test.afterEach(async ({ as }, info) => {
  if (info.status === info.expectedStatus) return;
  const page = await as("zhengyichuan");
  await page.evaluate(async () => {
    const imports = "/v1/offices/qingyu/imports";
    const all = async (): Promise<{ id: string; state: string; version: number }[]> =>
      (await (await fetch(imports)).json()).items;
    while ((await all()).some(({ state }) => state === "running")) await new Promise((go) => setTimeout(go, 500));
    const left = (await all()).filter(({ state }) => state === "done" || state === "failed");
    for (const { id, version } of left) {
      await fetch(`${imports}/${id}/take-back`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "If-Match": `"${version}"`,
          "Idempotency-Key": crypto.randomUUID(),
        },
        body: JSON.stringify({ reason: "演示：测试未完成" }),
      });
    }
  });
});

test("a ledger is read, checked, imported, recognised and taken back", async ({ as }) => {
  const page = await as("zhengyichuan");
  await upload(page);
  await expect(page.getByText("还有 3 处需要填写或选择").first()).toBeVisible();
  await expect(page.getByText("第 34 行未作为问题或措施：签字栏或填表说明")).toBeVisible();
  const run = page.getByRole("button", { name: "导入 16 个问题" });
  await expect(run).toBeDisabled();

  // 立行立改 without a day wants one; 长期坚持 is kept as long-term.
  const open = page.locator(".x-question-open");
  await open.filter({ hasText: "立行立改" }).getByRole("textbox").fill("2026-08-01");
  await page.keyboard.press("Enter");
  await expect(page.getByText("已确认：2026-08-01")).toBeVisible();
  for (const left of [2, 1]) {
    await expect(open).toHaveCount(left);
    await open.first().getByRole("button", { name: "按长期整改导入" }).click();
  }
  await expect(open).toHaveCount(0);
  await expect(page.getByText("，可以导入")).toBeVisible();
  await expect(run).toBeEnabled();

  await run.click();
  await expect(page.getByText(/导入完成：新增 16 个/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("link", { name: "查看台账" }).click();
  await expect(page.getByText(/符合条件 32 个问题/)).toBeVisible();

  await upload(page);
  await expect(page.getByText(/导入过，内容相同的不会重复导入/)).toBeVisible();
  await page.getByRole("button", { name: "放弃导入" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "放弃导入" }).click();
  await expect(page.getByText("本次导入已放弃，没有写入任何内容。")).toBeVisible();

  await page.goto("/w/qingyu/imports");
  await page.locator("[data-object]", { hasText: "已导入" }).first().getByRole("link").click();
  await page.getByRole("button", { name: "撤回本次导入" }).click();
  await page.getByLabel("撤回理由").fill("演示：误导入了其他单位的台账");
  await page.getByRole("button", { name: "撤回导入" }).click();
  await expect(page.getByText(/撤回：已撤回 16 个/)).toBeVisible();
  await page.goto("/w/qingyu/ledger");
  await page.getByRole("button", { name: "清除筛选" }).first().click();
  await expect(page.getByText("共 96 个问题")).toBeVisible();
});

test("what is no ledger is refused with a sentence, and the form keeps what was chosen", async ({ as }) => {
  const page = await as("zhengyichuan");
  await chooseUnit(page);
  await page.getByLabel(/本文件不含国家秘密/).check();
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "台账.xls", mimeType: "application/vnd.ms-excel", buffer: Buffer.from("x") });
  await expect(page.getByText(/台账\.xls 未添加：不支持这种文件/)).toBeVisible();
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "台账.xlsx", mimeType: "application/zip", buffer: Buffer.from("no workbook") });
  await page.getByRole("button", { name: "上传并核对" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "文件" })).toBeVisible();
  await expect(page.getByText("台账.xlsx（11 B）")).toBeVisible();
});
