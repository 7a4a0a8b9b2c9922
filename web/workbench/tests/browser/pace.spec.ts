// How soon the ledger answers a change of its filter (UX 2.3), measured in the page.

import { expect, test } from "./people";

test("the ledger answers a change of the filter with one request, and shows that it works", async ({ as }) => {
  const page = await as("zhengyichuan");
  await page.goto("/w/qingyu/ledger?state=returned&sort=-due");
  await expect(page.getByText("符合条件 4 个问题")).toBeVisible();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/\/items\?/.test(request.url())) asked.push(request.url());
  });
  // The first change of a row or sign of progress after the input, by the page's own clock.
  await page.evaluate(() => {
    const list = document.querySelector("main") ?? document.body;
    document.addEventListener("click", () => performance.mark("input"), { capture: true, once: true });
    const seen = new MutationObserver(() => {
      if (performance.getEntriesByName("input").length === 0) return;
      if (performance.getEntriesByName("answer").length === 0) performance.mark("answer");
      const rows = document.querySelectorAll("main [data-object]").length;
      if (rows > 4 && performance.getEntriesByName("rows").length === 0) performance.mark("rows");
    });
    seen.observe(list, { childList: true, subtree: true, attributes: true });
  });
  await page.getByRole("button", { name: "清除筛选" }).first().click();
  await expect(page.getByText("共 96 个问题")).toBeVisible();
  const after = (name: string) =>
    page.evaluate((mark) => {
      const at = (each: string) => performance.getEntriesByName(each)[0]?.startTime ?? Number.NaN;
      return Math.round(at(mark) - at("input"));
    }, name);
  await expect.poll(() => after("rows")).toBeGreaterThan(0);
  const [answer, rows] = [await after("answer"), await after("rows")];
  process.stdout.write(
    `ledger: first feedback ${answer} ms, first changed row ${rows} ms after the input (bar: 500 ms)\n`,
  );
  expect(answer).toBeGreaterThanOrEqual(0);
  expect(asked).toHaveLength(1);
});
