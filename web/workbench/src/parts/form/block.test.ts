import { describe, expect, it } from "vitest";
import { type BlockColumn, mapBlock, parseBlock, parseDay } from "./block";

describe("a block from a spreadsheet", () => {
  it.each([
    ["one cell", "整改", [["整改"]]],
    [
      "rows and columns",
      "a\tb\r\nc\td\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a line break inside a cell",
      '1\t"第一行\n第二行"\t是\n2\t单行\t否',
      [
        ["1", "第一行\n第二行", "是"],
        ["2", "单行", "否"],
      ],
    ],
    ["doubled quotation marks", '"他说""已改""，\n附照片"\tx', [['他说"已改"，\n附照片', "x"]]],
    ["quotation marks that quote nothing", '"十四五"规划\t"未闭合', [['"十四五"规划', '"未闭合']]],
    ["a tab inside a cell", '"a\tb"\tc', [["a\tb", "c"]]],
    [
      "empty cells",
      "\ta\t\n\t\tb",
      [
        ["", "a", ""],
        ["", "", "b"],
      ],
    ],
    [
      "rows of unequal length",
      "a\nb\tc",
      [
        ["a", ""],
        ["b", "c"],
      ],
    ],
    ["an empty row between", "a\n\nb\n", [["a"], [""], ["b"]]],
    [
      "old Mac line ends",
      "a\tb\rc\td",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["nothing", "", []],
    ["an empty quoted cell", '""\ta', [["", "a"]]],
    ["characters beyond the basic plane", "𠮷\t😀", [["𠮷", "😀"]]],
  ])("%s", (_, text, rows) => {
    expect(parseBlock(text)).toEqual(rows);
  });
});

const columns: BlockColumn[] = [
  { key: "measure", title: "整改措施", check: (v) => (v === "" ? "请填写整改措施" : undefined) },
  { key: "leader", title: "责任领导" },
  {
    key: "due",
    title: "完成时限",
    check: (v) => (parseDay(v) ? undefined : "请写成 2026-10-15"),
    clean: (v) => parseDay(v) as string,
  },
];

describe("mapping a block onto columns", () => {
  it("marks the wrong cell and keeps the rest", () => {
    const rows = mapBlock(parseBlock('"一、\n二、"\t张三\t2026.9.30\n公示\t李四\t10月底前'), columns);
    expect(rows.map((row) => row.right)).toEqual([true, false]);
    expect(rows[0]?.cells.map((cell) => cell.value)).toEqual(["一、\n二、", "张三", "2026-09-30"]);
    expect(rows[1]?.cells[2]).toEqual({ key: "due", raw: "10月底前", value: "10月底前", problem: "请写成 2026-10-15" });
  });

  it("skips a header that was copied along", () => {
    expect(mapBlock(parseBlock("整改措施\t责任领导\n公示\t李四"), columns)).toHaveLength(1);
    expect(mapBlock(parseBlock("公示\t李四"), columns)).toHaveLength(1);
  });

  it("starts in the selected column and ignores what sticks out to the right", () => {
    const rows = mapBlock(parseBlock("李四\t2026-10-15\t多余"), columns, 1);
    expect(rows[0]?.cells.map((cell) => cell.key)).toEqual(["leader", "due"]);
  });
});

describe("days as ledgers write them", () => {
  it.each([
    ["2026-10-15", "2026-10-15"],
    ["2026.9.30", "2026-09-30"],
    ["2026/9/30", "2026-09-30"],
    ["2026年9月30日", "2026-09-30"],
    [" 2026 年 9 月 5 日 ", "2026-09-05"],
    ["2026年9月底前", null],
    ["2026-02-30", null],
    ["长期坚持", null],
    ["9.30", null],
  ])("%s", (text, day) => {
    expect(parseDay(text)).toBe(day);
  });
});
