import { describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { eachRow, outcomeSentence } from "./bulk";
import { columnWords, moved, placeColumns, shownColumns, spans } from "./columns";
import type { Column } from "./spec";

const columns: Column<string>[] = [
  { key: "number", title: "编号", width: 100, cell: () => null, pinned: true },
  { key: "unit", title: "单位", width: 100, cell: () => null },
  { key: "due", title: "期限", width: 100, cell: () => null },
  { key: "money", title: "金额", width: 100, cell: () => null, hidden: true },
];

describe("columns", () => {
  it("starts with the screen's own", () => {
    expect(columnWords(placeColumns(columns, undefined, []))).toEqual(["number*", "unit", "due"]);
  });
  it("takes a tab's", () => {
    const tab = { key: "t", label: "t", columns: ["money", "number", "nobody"] };
    expect(columnWords(placeColumns(columns, tab, []))).toEqual(["money", "number*"]);
  });
  it("follows the address, drops what it does not know, and never loses the first", () => {
    expect(columnWords(placeColumns(columns, undefined, ["due*", "colour", "due", "unit"]))).toEqual([
      "number*",
      "due*",
      "unit",
    ]);
  });
  it("keeps what is not shown at the end, to be chosen", () => {
    expect(placeColumns(columns, undefined, []).map((each) => each.column.key)).toEqual([
      "number",
      "unit",
      "due",
      "money",
    ]);
  });
  it("moves by keyboard as by drag, without leaving the list", () => {
    const placed = placeColumns(columns, undefined, []);
    expect(moved(placed, 2, 1).map((each) => each.column.key)).toEqual(["number", "due", "unit", "money"]);
    expect(moved(placed, 0, -1).map((each) => each.column.key)).toEqual(["number", "unit", "due", "money"]);
  });
  it("brings pinned columns to the edge", () => {
    const placed = placeColumns(columns, undefined, ["unit", "due*", "number"]);
    expect(shownColumns(placed).map((each) => each.column.key)).toEqual(["due", "unit", "number"]);
  });
});

describe("merged cells", () => {
  it("lets equal neighbours share one", () => {
    expect(spans(["a", "a", "b", "a", "c", "c", "c"], (row) => row)).toEqual([2, 0, 1, 1, 3, 0, 0]);
    expect(spans([], () => "a")).toEqual([]);
  });
  it("keeps rows that name nothing apart", () => {
    expect(spans(["a", "a"], () => undefined)).toEqual([1, 1]);
  });
});

describe("bulk", () => {
  it("goes on past a refused row and says which", async () => {
    const seen: number[] = [];
    const outcome = await eachRow(
      ["SD-05-01-008", "SD-05-01-009", "SD-05-01-010"],
      { key: (row) => row, name: (row) => row },
      async (row) => {
        if (row.endsWith("009")) throw new Problem(409, "ladder-ended", "已超出可延期次数。");
      },
      (done) => seen.push(done),
    );
    expect(seen).toEqual([1, 2, 3]);
    expect(outcomeSentence(outcome)).toBe("成功 2 条，未处理 1 条：SD-05-01-009 已超出可延期次数");
    expect(outcomeSentence({ done: 12, failed: [] }, "件")).toBe("成功 12 件");
  });
});
