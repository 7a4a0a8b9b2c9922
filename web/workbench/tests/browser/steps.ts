// What people do in more than one story.

import { expect, type Locator, type Page } from "@playwright/test";

/** A picture that a phone may have taken. */
export const photo = {
  name: "整改现场.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC",
    "base64",
  ),
};

/** Copies cells as Excel does and pastes them with the keyboard, wherever the focus is. */
export async function pasteCells(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((cells) => navigator.clipboard.writeText(cells), text);
  await page.keyboard.press("Control+V");
}

/** Says of every measure why it has no evidence of its own. */
export async function explainGaps(dialog: Locator, reason: string): Promise<void> {
  for (const gap of await dialog.getByPlaceholder(/没有佐证的原因/).all()) await gap.fill(reason);
}

/** Gives a party's opinion in the queue, by keyboard. */
export async function giveOpinion(page: Page, number: string, keys: string[], note?: string): Promise<void> {
  await page.goto("/w/qingyu/review");
  await page.locator(".x-review-queue button", { hasText: number }).click();
  await expect(page.locator(".x-review-title")).toContainText(number);
  for (const key of keys) await page.keyboard.press(key);
  if (note) {
    await page.getByLabel("无佐证", { exact: true }).check();
    await page.getByLabel("说明").fill(note);
  }
  await page.getByRole("button", { name: "提交审核意见" }).click();
  await expect(page.getByText(`已提交审核意见：${number}`)).toBeVisible();
}

/** Proves once more who is there, in the window that opens for it; what was asked for then goes on. */
export async function prove(page: Page): Promise<void> {
  const opened = page.waitForEvent("popup");
  await page
    .getByRole("link", { name: "验证身份" })
    .or(page.getByRole("button", { name: "验证身份" }))
    .click();
  const portal = await opened;
  await portal.getByRole("button", { name: "确认是本人" }).click();
}

/** Uploads one picture as evidence of the item that is open, and comes back to its overview. */
export async function uploadEvidence(page: Page, name: string): Promise<void> {
  await page.getByRole("tab", { name: /佐证/ }).click();
  await page.getByLabel(/本批文件不含国家秘密/).check();
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles([{ ...photo, name }]);
  await expect(page.getByText("已上传 1/1")).toBeVisible();
  await page.getByRole("tab", { name: "概况" }).click();
}

/** Does one step of a request for more time; the first of a person asks for a fresh proof of identity. */
export async function decideRequest(
  page: Page,
  name: string,
  field: string,
  text?: string,
  until?: string,
): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: new RegExp(name) });
  if (until) {
    await dialog.getByLabel("批准期限").fill(until);
    await dialog.getByLabel("批准期限").press("Enter");
  }
  if (text) await dialog.getByLabel(field).fill(text);
  await dialog.getByRole("button", { name, exact: true }).click();
}
