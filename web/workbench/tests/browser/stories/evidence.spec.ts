// Evidence as people handle it: dropped, pasted, chosen again for another item, looked at, taken out.

import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, test } from "../people";
import { photo } from "../steps";

const workbook = fileURLToPath(new URL("../../ledger-hekou.xlsx", import.meta.url));

/** Opens the evidence of the nth item that the unit is working on, and returns its number. */
async function evidenceOf(page: Page, nth: number): Promise<string> {
  await page.goto("/w/qingyu/ledger?state=working&sort=-number");
  const link = page.locator("[data-object] .x-number-cell a").nth(nth);
  const number = (await link.textContent()) as string;
  await link.click();
  await page.getByRole("tab", { name: /佐证/ }).click();
  await expect(page.getByRole("heading", { name: "上传佐证" })).toBeVisible();
  return number;
}

/** A file of the page's own, as a drop or a paste brings it. `salt` makes it a file of its own. */
async function brought(page: Page, how: "drop" | "paste", name: string, salt: string): Promise<void> {
  const bytes = [...photo.buffer, ...Buffer.from(salt)];
  await page.evaluate(
    ([how, name, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes as number[])], name as string, { type: "image/png" }));
      const event =
        how === "drop"
          ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
          : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
      (how === "drop" ? document.querySelector(".x-upload-place") : document.body)?.dispatchEvent(event);
    },
    [how, name, bytes] as const,
  );
}

test("files are dropped, pasted and looked at; one proves a second item without being sent twice", async ({ as }) => {
  const unit = await as("yinxiaoyu");
  const first = await evidenceOf(unit, 0);
  await brought(unit, "drop", "清淤前.png", "before");
  await expect(unit.getByText("已选 1 个文件，尚未上传")).toBeVisible();
  await unit.getByLabel(/本批文件不含国家秘密/).check();
  await expect(unit.getByText("已上传 1/1")).toBeVisible();
  await brought(unit, "paste", "清淤后.png", "after");
  await expect(unit.getByText("已上传 2/2")).toBeVisible();
  await unit.locator("input[type=file]").first().setInputFiles(workbook);
  await expect(unit.getByText("已上传 3/3")).toBeVisible();

  await unit.getByRole("button", { name: "清淤前.png", exact: true }).click();
  const viewer = unit.getByRole("dialog");
  const shown = viewer.getByRole("img", { name: "清淤前.png" });
  await expect(shown).toBeVisible();
  const fit = viewer.getByRole("button", { name: "适合窗口" });
  await unit.keyboard.press("+");
  await expect(fit).toHaveText("125%");
  await unit.keyboard.press("-");
  await unit.keyboard.press("-");
  await expect(fit).toHaveText("80%");
  await unit.keyboard.press("r");
  await expect(shown).toHaveAttribute("style", /rotate\(90deg\)/);
  await unit.keyboard.press("0");
  await expect(fit).toHaveText("100%");
  await expect(shown).toHaveAttribute("style", /rotate\(0deg\)/);
  await viewer.getByLabel("并排对比").click();
  await unit.getByTitle("清淤后.png", { exact: true }).click();
  await expect(viewer.getByRole("img", { name: "清淤后.png" })).toBeVisible();

  // A workbook is shown as tables, in a frame where nothing runs.
  await viewer.getByRole("navigation", { name: "佐证列表" }).getByRole("button", { name: "ledger-hekou.xlsx" }).click();
  const sheet = viewer.frameLocator("iframe[title^='预览']");
  await expect(sheet.getByText("预览只供查看内容")).toBeVisible();
  await expect(sheet.getByRole("table").first()).toContainText("整改措施");
  await unit.keyboard.press("ArrowLeft");
  await expect(viewer.getByRole("img", { name: "清淤后.png" })).toBeVisible();
  const original = unit.waitForEvent("download");
  await viewer.getByRole("button", { name: "下载原件" }).click();
  expect((await original).suggestedFilename()).toBe("清淤后.png");
  await unit.keyboard.press("Escape");

  const second = await evidenceOf(unit, 1);
  await unit.getByRole("button", { name: "从本单位已传中选用" }).click();
  const dialog = unit.getByRole("dialog");
  await dialog.getByLabel("查找已传文件").fill("清淤前");
  await expect(dialog.getByRole("radio")).toHaveCount(1);
  await dialog.getByRole("radio", { name: "清淤前.png" }).check();
  await expect(dialog.getByText("还缺：说明")).toBeVisible();
  await dialog.getByLabel("说明（必填）").fill("同一河段，也反映本问题的现状");
  await dialog.getByRole("button", { name: "选用", exact: true }).click();
  await expect(unit.getByText("已选用：清淤前.png")).toBeVisible();
  await expect(unit.getByText(/选用已传文件；同一文件还用于/)).toContainText(first);

  const office = await as("zhengyichuan");
  await office.goto(unit.url());
  await expect(office.getByText(`与 ${first} 的佐证是同一文件（单位选用已传文件）`)).toBeVisible();
  const zip = office.waitForEvent("download");
  await office.getByRole("button", { name: "打包下载" }).click();
  expect((await zip).suggestedFilename()).toBe(`${second}-佐证.zip`);

  await office.goto("/w/qingyu/ledger?state=working&sort=-number&tab=problems");
  await office.locator("[data-object] input[type=checkbox]").first().check();
  const catalogue = office.waitForEvent("download");
  await office.getByRole("button", { name: "批量导出佐证目录" }).click();
  expect((await catalogue).suggestedFilename()).toMatch(/佐证目录.*\.xlsx$/);
});

test("five files are dropped, the network goes and comes back, one is cancelled, the others go on", async ({ as }) => {
  const unit = await as("yinxiaoyu");
  await evidenceOf(unit, 2);
  await unit.getByLabel(/本批文件不含国家秘密/).check();
  await unit.route(/\/uploads$/, (route) =>
    /断网/.test(route.request().postData() ?? "") ? route.abort("internetdisconnected") : route.continue(),
  );
  await unit.evaluate(
    (bytes) => {
      const data = new DataTransfer();
      for (const name of ["一.png", "二.png", "三.png", "断网四.png", "断网五.png"]) {
        data.items.add(
          new File([new Uint8Array([...bytes, ...new TextEncoder().encode(name)])], name, { type: "image/png" }),
        );
      }
      const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      document.querySelector(".x-upload-place")?.dispatchEvent(event);
    },
    [...photo.buffer],
  );
  await expect(unit.getByText("已上传 3/5")).toBeVisible();
  await expect(unit.getByText("未上传：网络中断。已保留，可继续")).toHaveCount(2);
  const list = unit.locator(".x-upload-list li");
  await list.filter({ hasText: "断网五.png" }).getByRole("button", { name: /^取消/ }).click();
  await expect(list.filter({ hasText: "断网五.png" })).toHaveCount(0);
  await unit.unroute(/\/uploads$/);
  await unit.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(unit.getByText("已上传 4/5，已取消 1 个")).toBeVisible(); // of the five that were chosen
  await expect(unit.getByRole("row", { name: /断网四\.png/ })).toContainText(/[0-9a-f]{8}/);
});

test("a Word file of the story is read in the browser, by the office and from above", async ({ as }) => {
  const office = await as("jitong");
  await office.goto("/w/beiyuan/ledger?q=BY-04-03-021");
  await office.locator("[data-object] .x-number-cell a").first().click();
  await office.getByRole("tab", { name: /佐证/ }).click();
  await office.getByRole("button", { name: "会议纪要.docx", exact: true }).first().click();
  await expect(
    office.getByRole("dialog").frameLocator("iframe[title^='预览']").getByText("柳湾镇党委会议纪要"),
  ).toBeVisible();

  const city = await as("helan");
  await city.goto(`${office.url()}&below=beiyuan`.replace("/w/beiyuan/", "/w/jingyuan/"));
  await city.getByRole("button", { name: "会议纪要.docx", exact: true }).first().click();
  await city.getByLabel(/事由/).fill("抽查佐证");
  await city.getByRole("button", { name: "查看佐证" }).click();
  await expect(
    city.getByRole("dialog").frameLocator("iframe[title^='预览']").getByText("柳湾镇党委会议纪要"),
  ).toBeVisible();
});
