import { describe, expect, it } from "vitest";
import type { Line } from "./data";
import { measures, shades } from "./heat";

const line = (overdue: number, tenths: number | null, missing = false) =>
  ({
    missing,
    counts: { overdue },
    closed_rate: { num: 1, den: tenths === null ? 4 : 100, tenths, low: null, high: null },
  }) as unknown as Line;

const measure = (key: string) => measures.find((each) => each.key === key) ?? measures[0];

describe("the heat table", () => {
  it("has nine measures, each of which says how to read it", () => {
    expect(measures).toHaveLength(9);
    expect(measures.every(({ reads }) => /^[↑↓] /.test(reads))).toBe(true);
  });

  it("is dark where there is most of what to worry about, and light where there is none", () => {
    const overdue = measure("overdue");
    expect(overdue && shades(overdue, [line(0, 0), line(7, 0), line(14, 0)])).toEqual([0, 3, 5]);
    expect(overdue && shades(overdue, [line(0, 0), line(0, 0)])).toEqual([0, 0]);
  });

  it("is dark where a rate is low", () => {
    const rate = measure("closed_rate");
    expect(rate && shades(rate, [line(0, 402), line(0, 1000), line(0, 850)])).toEqual([5, 0, 1]);
  });

  it("leaves out what is missing or too little to compare", () => {
    const rate = measure("closed_rate");
    expect(rate && shades(rate, [line(0, null), line(0, 300, true), line(0, 500)])).toEqual([undefined, undefined, 5]);
    expect(rate?.text(line(0, null))).toBe("1/4");
  });
});
