import { type Browser, test as base, expect, type Page } from "@playwright/test";

/** A person of the demo cast at a browser of their own. */
export type As = (person: string, size?: { width: number; height: number }) => Promise<Page>;

/**
 * Tests with people: `const page = await as("zhengyichuan")` signs on through the demo's portal, as a person would. A
 * test fails when any page it opened reports a script error or breaks its content security policy.
 */
export const test = base.extend<{ as: As }>({
  as: async ({ browser }, use) => {
    const opened: Page[] = [];
    const wrong: string[] = [];
    await use(async (person, size) => {
      const page = await open(browser, size);
      watch(page, wrong);
      opened.push(page);
      await signOn(page, person);
      return page;
    });
    for (const page of opened) await page.context().close();
    expect(wrong).toEqual([]);
  },
});

export { expect };

async function open(browser: Browser, size?: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ baseURL: process.env.XUNCHA_URL, ...(size && { viewport: size }) });
  return context.newPage();
}

function watch(page: Page, wrong: string[]): void {
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) wrong.push(message.text());
  });
}

/** Signs a person on. */
export async function signOn(page: Page, person: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("link", { name: "登录政务门户" }).click();
  await page.locator(`button[value="${person}"]`).click();
  await page.waitForURL(/\/w\//);
}

/** A row of a list by the number it begins with. */
export function row(page: Page, number: string) {
  return page.locator("[data-object]", { hasText: number });
}
