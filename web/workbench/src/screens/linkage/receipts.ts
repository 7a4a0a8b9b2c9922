import { today } from "@/words/clock";
import { formatPercent } from "@/words/numbers";
import type { NoticeView, Row } from "./data";
import { levelWords } from "./words";

type Matrix = NonNullable<NoticeView["matrix"]>;

/** A row of the receipts with the rows below it. */
export interface Node {
  row: Row;
  below: readonly Node[];
  /** Something is still owed here or below: by those who handed it to nobody. */
  open: boolean;
}

/** The rows as a tree; they come in its order, each with its depth. */
export function treeOf(rows: readonly Row[]): readonly Node[] {
  let at = 0;
  const level = (depth: number): Node[] => {
    const nodes: Node[] = [];
    for (let row = rows[at]; row !== undefined && row.depth === depth; row = rows[at]) {
      at++;
      const below = level(depth + 1);
      nodes.push({ row, below, open: below.length === 0 ? !row.done : below.some((each) => each.open) });
    }
    return nodes;
  };
  return level(0);
}

/** Recipients that still owe something and were not reminded today. */
export function chaseable(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => row.leaf && !row.done && row.reminded_on !== today());
}

/** 「单位 69 个：签收 67，报送 63，自查发现 145，立行立改 113（77.9%）」, level by level. */
export function sumSentences(matrix: Matrix): readonly string[] {
  return matrix.levels.map(({ level, sent, received, reported, found, corrected, overdue }) => {
    const parts = [`签收 ${received}`, `报送 ${reported}`, `自查发现 ${found}`];
    parts.push(`立行立改 ${corrected}${found >= 10 ? `（${formatPercent(corrected, found)}）` : ""}`);
    if (overdue > 0) parts.push(`逾期 ${overdue}`);
    return `${levelWords[level]} ${sent} 个：${parts.join("，")}`;
  });
}
