import { beforeAll, describe, expect, it } from "vitest";
import { setServiceTime } from "@/words/clock";
import type { Row } from "./data";
import { chaseable, sumSentences, treeOf } from "./receipts";

const row = (id: string, depth: number, change: Partial<Row> = {}): Row =>
  ({ id, depth, leaf: true, done: false, reminded_on: null, ...change }) as Row;

const rows = [
  row("city", 0, { leaf: false }),
  row("county", 1, { leaf: false, done: true }),
  row("done", 2, { done: true }),
  row("late", 2),
  row("other", 1, { done: true }),
  row("second", 0, { done: true }),
];

describe("receipts", () => {
  beforeAll(() => setServiceTime("2026-11-20T10:00:00+08:00"));

  it("come as a tree in their order", () => {
    const tree = treeOf(rows);
    expect(tree.map(({ row }) => row.id)).toEqual(["city", "second"]);
    expect(tree[0]?.below.map(({ row }) => row.id)).toEqual(["county", "other"]);
    expect(tree[0]?.below[0]?.below.map(({ row }) => row.id)).toEqual(["done", "late"]);
  });

  it("are open where a leaf below owes something, not where an office itself does", () => {
    const [city, second] = treeOf(rows);
    expect(city?.open).toBe(true);
    expect(city?.below.map(({ open }) => open)).toEqual([true, false]);
    expect(second?.open).toBe(false);
  });

  it("are chased once a day", () => {
    expect(chaseable(rows).map(({ id }) => id)).toEqual(["late"]);
    expect(
      chaseable([row("a", 0, { reminded_on: "2026-11-20" }), row("b", 0, { reminded_on: "2026-11-19" })]),
    ).toHaveLength(1);
  });

  it("are summed up by level with a share beside the counts", () => {
    const level = { sent: 69, received: 67, reported: 63, accepted: 0, found: 145, corrected: 113, overdue: 6 };
    expect(sumSentences({ rows: [], as_of: "", levels: [{ level: "unit", ...level }] })).toEqual([
      "单位 69 个：签收 67，报送 63，自查发现 145，立行立改 113（77.9%），逾期 6",
    ]);
  });
});
