// @vitest-environment jsdom

import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";
import { itemsQuery, timelineQuery } from "./data";

const place = { office: "qingyu", below: undefined };

/** A service with so many rows that gives a hundred at a time, the latest first; what it was asked is noted. */
function service(rows: number): URL[] {
  const asked: URL[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    asked.push(url);
    const { cursor, before } = Object.fromEntries(url.searchParams);
    const from = before ? rows - Number(before) + 1 : Number(cursor ?? 0);
    const items = Array.from({ length: Math.min(100, rows - from) }, (_, i) => ({
      id: `${from + i}`,
      seq: rows - from - i,
    }));
    return Response.json({ items, total: rows, next: from + 100 < rows ? `${from + 100}` : "" });
  });
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

it("fetches every item that is asked for, not the first hundred", async () => {
  const asked = service(230);
  const items = await new QueryClient().fetchQuery(itemsQuery(place, { state: ["submitted"] }));
  expect(items.map(({ id }) => id)).toEqual(Array.from({ length: 230 }, (_, i) => `${i}`));
  expect(asked.map(({ searchParams }) => searchParams.get("state"))).toEqual(["submitted", "submitted", "submitted"]);
});

it("tells the whole story of an item, back to its first entry", async () => {
  const asked = service(200);
  const events = await new QueryClient().fetchQuery(timelineQuery(place, "7"));
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, i) => 200 - i));
  expect(asked.map(({ searchParams }) => searchParams.get("before"))).toEqual([null, "101", "1"]);
});
