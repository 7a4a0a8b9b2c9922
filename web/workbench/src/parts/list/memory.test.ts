// @vitest-environment jsdom

import { beforeEach, expect, it } from "vitest";
import { chosenDensity, lastUsed, rememberDensity, rememberPage, rememberUse, trailOf } from "./memory";

const own = { person: "何岚", office: "jingyuan", below: undefined, screen: "rectification.ledger" };
const below = { ...own, below: "qingyu" };

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

it("keeps what was asked of an office below apart from what is asked of the own", () => {
  rememberUse(below, { unit: "7" });
  rememberPage(below, "{}", 1, "");
  rememberPage(below, "{}", 2, "cursor of another office's list");
  expect(lastUsed(own)).toEqual({});
  expect(trailOf(own, "{}")).toEqual([""]);
  expect(lastUsed(below)).toEqual({ unit: "7" });
  expect(trailOf(below, "{}")).toHaveLength(2);
});

it("shows the rows as close as the person wants them, wherever they are", () => {
  rememberDensity(below, "loose");
  expect(chosenDensity(own)).toBe("loose");
});
