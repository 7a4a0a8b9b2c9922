import { expect, it } from "vitest";
import { everyPage } from "./pages";

it("asks until there is no further page", async () => {
  const asked: (string | undefined)[] = [];
  const pages: Readonly<Record<string, { items: number[]; next?: string | null }>> = {
    first: { items: [1, 2], next: "b" },
    b: { items: [3], next: "c" },
    c: { items: [], next: null },
  };
  const rows = await everyPage(async (cursor) => {
    asked.push(cursor);
    return pages[cursor ?? "first"] as { items: number[] };
  });
  expect(rows).toEqual([1, 2, 3]);
  expect(asked).toEqual([undefined, "b", "c"]);
});
