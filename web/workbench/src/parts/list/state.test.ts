import { describe, expect, it } from "vitest";
import { parseAddress, writeAddress } from "@/app/address";
import {
  asking,
  type ListState,
  memorable,
  nextSort,
  readState,
  sharedAddress,
  untouched,
  wholeList,
  withFilter,
  writeState,
} from "./state";

const keys = ["status", "unit", "due"];

const full: ListState = {
  q: "水务局 & 采砂=1",
  filters: { status: ["in_review", "returned"], unit: ["县水务局党组，含下属", "a,b\\c"] },
  sort: "-due",
  size: 50,
  page: 3,
  after: "eyJrIjoxfQ==",
  cols: ["number*", "problem"],
  view: "overdue",
  tab: "measures",
  open: "0198-77",
};

describe("the address of a list for somebody else", () => {
  it("says whose list it is and what is asked, not which page the giver stands on", () => {
    const state = { ...untouched, q: "水务", page: 3, after: "sealed" };
    expect(parseAddress(sharedAddress(state, "qingyu"))).toEqual({ below: "qingyu", q: "水务" });
  });
  it("shows the whole list where nothing is asked, not what the other last used", () => {
    expect(parseAddress(sharedAddress(untouched, undefined))).toEqual(wholeList);
    expect(memorable(readState(wholeList, keys))).toEqual({});
  });
});

describe("list state in the address", () => {
  it.each([
    ["untouched", untouched],
    ["everything", full],
    ["one filter", { ...untouched, filters: { due: ["week"] } }],
    ["numbers that look like JSON", { ...untouched, q: "2026", filters: { unit: ["true", "007"] } }],
  ])("comes back unchanged: %s", (_, state) => {
    const address = writeAddress(writeState(state));
    expect(readState(parseAddress(address), keys)).toEqual(state);
  });

  it("keeps an untouched list's address clean", () => {
    expect(writeAddress(writeState(untouched))).toBe("");
  });

  it("reads as an address a person can read", () => {
    const address = writeAddress(
      writeState({ ...untouched, filters: { status: ["in_review", "returned"] }, sort: "due" }),
    );
    expect(address).toBe("?status=in_review,returned&sort=due");
  });

  it.each([
    ["a size nobody offers", { size: "1000" }],
    ["a page without its cursor", { page: "7" }],
    ["a page that is no number", { page: "x" }],
    ["a key of another screen", { colour: "red" }],
    ["empty values", { status: "", unit: ",," }],
  ])("falls back on %s", (_, search) => {
    expect(readState(search as unknown as Record<string, string>, keys)).toEqual(untouched);
  });

  it("goes back to the first page and closes the drawer when something else is asked", () => {
    expect(asking(full, { q: "新" })).toMatchObject({ q: "新", page: 1, after: "", open: "", sort: "-due" });
    expect(withFilter(full, "status", [])).toMatchObject({ filters: { unit: full.filters.unit }, view: "", page: 1 });
    expect(withFilter(full, "due", ["week"]).filters).toHaveProperty("due", ["week"]);
  });

  it("sorts in three steps", () => {
    expect(nextSort("", "due")).toBe("due");
    expect(nextSort("due", "due")).toBe("-due");
    expect(nextSort("-due", "due")).toBe("");
    expect(nextSort("-due", "unit")).toBe("unit");
  });

  it("remembers everything but the place", () => {
    const kept = memorable(full);
    expect(kept).not.toHaveProperty("after");
    expect(kept).not.toHaveProperty("page");
    expect(kept).not.toHaveProperty("open");
    expect(kept).toMatchObject({ size: "50", cols: "number*,problem", sort: "-due" });
  });
});
