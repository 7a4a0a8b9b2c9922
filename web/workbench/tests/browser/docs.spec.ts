// The API's own page, for whoever writes a program against it.

import { expect, test } from "./people";

test("the API's page lists the operations and tries one out, from this service alone", async ({ as }) => {
  const page = await as("zhengyichuan");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/docs");
  await expect(page.getByRole("heading", { name: /^xuncha/ })).toBeVisible({ timeout: 60_000 });
  const rooms = page.locator(".opblock-tag-section");
  await expect(rooms.filter({ hasText: "Rectification" }).first()).toBeVisible();
  expect(await rooms.count()).toBeGreaterThan(5);

  await page.locator('.opblock-tag[data-tag="Session"]').click();
  const who = page.locator(".opblock", { hasText: "Who is signed on" });
  await who.locator(".opblock-summary-control").click();
  await who.getByRole("button", { name: "Try it out" }).click();
  await who.getByRole("button", { name: "Execute" }).click();
  await expect(who.locator(".live-responses-table")).toContainText("郑一川", { timeout: 30_000 });

  const origin = new URL(page.url()).origin;
  expect(asked.filter((url) => url.startsWith(`${origin}/v1/openapi`))).toHaveLength(1);
  expect(asked.filter((url) => !url.startsWith(origin) && !/^(data|blob):/.test(url))).toEqual([]);
});
