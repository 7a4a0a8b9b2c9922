// A button that cannot be pressed says beside it what is missing (UX 2.3, 4.8): every screen that the navigation leads to,
// and the dialogs behind their main buttons, for the people whose work it is.

import type { Page } from "@playwright/test";
import { expect, test } from "./people";

/** The disabled buttons that nothing explains. */
function unexplained(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const says = (element: Element | null) => (element?.textContent ?? "").trim() !== "";
    return [...document.querySelectorAll<HTMLButtonElement>("button:disabled")]
      .filter((button) => button.offsetParent !== null && !button.classList.contains("ant-btn-loading"))
      .filter((button) => !button.closest(".ant-pagination, .ant-upload, .ant-picker-dropdown"))
      .filter((button) => {
        const described = button.getAttribute("aria-describedby");
        if (button.title || (described && says(document.getElementById(described)))) return false;
        for (let around = button.parentElement, n = 0; around && n < 3; around = around.parentElement, n++) {
          if ([...around.querySelectorAll("[role=status]")].some(says)) return false;
        }
        return true;
      })
      .map(
        (button) => `${location.pathname}: ${(button.textContent || button.getAttribute("aria-label") || "").trim()}`,
      );
  });
}

/** The screens of the navigation, those behind a shared entry among them. */
async function addresses(page: Page): Promise<string[]> {
  const links = (name: string) =>
    page.locator(name).evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).pathname));
  const found = new Set(await links(".x-nav a"));
  for (const address of [...found]) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const beside of await links(".x-family a")) found.add(beside);
  }
  return [...found];
}

for (const [person, slug] of [
  ["zhengyichuan", "qingyu"],
  ["yinxiaoyu", "qingyu"],
  ["helan", "jingyuan"],
] as const) {
  test(`no button is dead without a word, for ${person}`, async ({ as }) => {
    const page = await as(person);
    const silent: string[] = [];
    const all = await addresses(page);
    for (const extra of ["linkage/new", "escalations/new", "imports/new"]) all.push(`/w/${slug}/${extra}`);
    for (const address of all) {
      await page.goto(address);
      await expect(page.locator("main")).not.toBeEmpty();
      await page.waitForLoadState("networkidle");
      silent.push(...(await unexplained(page)));
      // What opens in place: a form whose button waits for what is to be entered.
      const main = page.locator(".x-page-head-actions button.ant-btn-primary:enabled");
      if ((await main.count()) !== 1) continue;
      await main.click();
      await page.waitForTimeout(300);
      silent.push(...(await unexplained(page)).map((each) => `${each}, behind its main button`));
    }
    expect(silent).toEqual([]);
  });
}
