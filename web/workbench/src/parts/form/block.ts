// What Excel, WPS and a Word table put on the clipboard: cells apart by tabs, rows by line breaks, and a cell that
// itself holds a tab, a line break or a quotation mark in quotation marks, those inside doubled.

/** Reads a pasted block as rows of cells. Line breaks inside a cell are kept as `\n`. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (source === "") return rows;
  while (at <= source.length) {
    const [cell, end] = source[at] === '"' ? quoted(source, at) : bare(source, at);
    row.push(cell.normalize("NFC"));
    if (end >= source.length || source[end] === "\n") {
      rows.push(row);
      row = [];
    }
    at = end + 1;
  }
  return squared(rows);
}

function bare(source: string, from: number): [string, number] {
  let end = from;
  while (end < source.length && source[end] !== "\t" && source[end] !== "\n") end++;
  return [source.slice(from, end), end];
}

// A cell that begins with a quotation mark but is not closed before a tab or the end is plain text that happens to
// begin so: Excel does not quote `"十四五"规划`.
function quoted(source: string, from: number): [string, number] {
  let cell = "";
  let at = from + 1;
  while (at < source.length) {
    if (source[at] !== '"') cell += source[at++];
    else if (source[at + 1] === '"') {
      cell += '"';
      at += 2;
    } else break;
  }
  const after = source[at + 1];
  const closed = source[at] === '"' && (after === undefined || after === "\t" || after === "\n");
  return closed ? [cell, at + 1] : bare(source, from);
}

function squared(rows: string[][]): string[][] {
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array<string>(width - row.length).fill("")]);
}

/** One column a block can be pasted into. */
export interface BlockColumn {
  key: string;
  title: string;
  /** Says what is wrong with a value, in words; nothing when it is right. */
  check?: (value: string) => string | undefined;
  /** Brings a right value into the form that is kept, e.g. `2026.9.30` to `2026-09-30`. */
  clean?: (value: string) => string;
}

/** A pasted cell after checking. */
export interface BlockCell {
  key: string;
  /** As pasted, with the edges trimmed. */
  raw: string;
  /** What is kept when right. */
  value: string;
  problem?: string;
}

/** A pasted row. A row with a problem is not saved; it stays on screen to be corrected. */
export interface BlockRow {
  /** From 0, in the pasted block. */
  index: number;
  cells: BlockCell[];
  right: boolean;
}

/** Maps a block onto columns, the first pasted column going to `start`. A header row that repeats the titles is skipped. */
export function mapBlock(block: string[][], columns: readonly BlockColumn[], start = 0): BlockRow[] {
  const target = columns.slice(start);
  const rows = isHeader(block[0], target) ? block.slice(1) : block;
  return rows.map((row, index) => {
    const cells = target.slice(0, row.length).map((column, i) => checkCell(column, row[i] ?? ""));
    return { index, cells, right: cells.every((cell) => cell.problem === undefined) };
  });
}

/** Checks one value for one column, as typed or pasted. */
export function checkCell(column: BlockColumn, raw: string): BlockCell {
  const trimmed = raw.trim();
  const problem = column.check?.(trimmed);
  const value = problem === undefined ? (column.clean?.(trimmed) ?? trimmed) : trimmed;
  return { key: column.key, raw: trimmed, value, problem };
}

function isHeader(row: string[] | undefined, columns: readonly BlockColumn[]): boolean {
  return (row ?? [""]).some((cell) => cell !== "") && (row ?? []).every((cell, i) => cell.trim() === columns[i]?.title);
}

/** Reads a day as ledgers write it: `2026-10-15`, `2026.9.30`, `2026/9/30`, `2026年9月30日`. Null for anything vaguer. */
export function parseDay(text: string): string | null {
  const match = /^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$/.exec(text.trim());
  if (!match) return null;
  const day = `${match[1]}-${match[2]?.padStart(2, "0")}-${match[3]?.padStart(2, "0")}`;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : null;
}
