// @vitest-environment jsdom

import { describe, expect, it } from "vitest";
import { plan, WARNING } from "./sessionEnd";

const now = "2026-11-20T10:00:00+08:00";
const later = (seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();
const told = (rests: number, ends: number) => ({ now, rests_at: later(rests), ends_at: later(ends) });

describe("the session's end", () => {
  it("is looked at again when the warning is due, and not before", () => {
    expect(plan(told(1800, 36_000))).toEqual({ end: null, again: 1800_000 - WARNING });
  });
  it("is warned of at least two minutes before", () => {
    expect(WARNING).toBeGreaterThanOrEqual(120_000);
    expect(plan(told(170, 36_000)).end).toEqual({ at: later(170), why: "idle" });
  });
  it("cannot be put off when the session has lasted as long as it may", () => {
    expect(plan(told(100, 100)).end?.why).toBe("longest");
  });
  it("is watched while the warning stands, and once more just behind it", () => {
    expect(plan(told(170, 36_000)).again).toBe(15_000);
    expect(plan(told(5, 36_000)).again).toBe(6_000);
    expect(plan(told(-30, 36_000)).again).toBe(1_000);
  });
});
