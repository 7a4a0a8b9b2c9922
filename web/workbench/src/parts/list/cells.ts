// Where the cells of a list are that can be changed, and what stands next to which.

import { type BlockColumn, parseDay } from "../form/block";
import { type Placed, shownColumns, spans } from "./columns";
import type { Column, ListSpec } from "./spec";

/** A cell by its line and its column. */
export interface Cell {
  line: string;
  column: string;
}

/** A cell's name in the document. */
export function cellName({ line, column }: Cell): string {
  return `${line} ${column}`;
}

/** Which way the selection goes. */
export type Way = "up" | "down" | "left" | "right" | "next" | "previous";

/** The cells of a list that can be changed, line by line as they stand on screen. A merged cell stands in its first line. */
export class Cells<T> {
  readonly columns: readonly Column<T>[];
  /** A line's key. */
  readonly keyOf: (row: T) => string;
  private readonly rows: readonly T[];
  private readonly lengths: ReadonlyMap<string, readonly number[]>;

  constructor(spec: ListSpec<T>, rows: readonly T[], placed: readonly Placed<T>[]) {
    const { grid } = spec;
    this.rows = grid ? rows : [];
    this.keyOf = grid?.lineKey ?? spec.rowKey;
    this.columns = grid ? shownColumns(placed).flatMap(({ column }) => (column.edit ? [column] : [])) : [];
    this.lengths = new Map(
      this.columns.flatMap(({ key, mergeBy }) => (mergeBy ? [[key, spans(this.rows, mergeBy)] as const] : [])),
    );
  }

  /** Whether the cell is there and may be changed. */
  may(row: number, column: Column<T>): boolean {
    const line = this.rows[row];
    return line !== undefined && this.lengths.get(column.key)?.[row] !== 0 && column.edit?.can(line) === true;
  }

  row(line: string): number {
    return this.rows.findIndex((row) => this.keyOf(row) === line);
  }

  lineOf(line: string): T | undefined {
    return this.rows[this.row(line)];
  }

  column(key: string): Column<T> | undefined {
    return this.columns.find((column) => column.key === key);
  }

  /** The first cell of the row at this index, or of the object that it belongs to. */
  firstOf(row: number): Cell | undefined {
    const column = this.columns.find((each) => this.may(this.head(row, each), each));
    return column && this.cell(this.head(row, column), column);
  }

  /** The cell that way of this one; nothing at the edge. */
  beside(from: Cell, way: Way): Cell | undefined {
    const row = this.row(from.line);
    const at = this.columns.findIndex((column) => column.key === from.column);
    if (row < 0 || at < 0) return undefined;
    switch (way) {
      case "left":
      case "right":
        return this.along(row, at, way === "right" ? 1 : -1);
      case "up":
      case "down":
        return this.across(row, this.columns[at] as Column<T>, way === "down" ? 1 : -1);
      case "next":
        return this.along(row, at, 1) ?? this.wrap(row, 1);
      case "previous":
        return this.along(row, at, -1) ?? this.wrap(row, -1);
    }
  }

  /** The lines from a cell downwards that a block with so many rows is for; nothing where there is no further line. */
  below(from: Cell, count: number): (T | undefined)[] {
    const column = this.column(from.column);
    const lines: T[] = [];
    for (let row = this.row(from.line); column && row >= 0 && row < this.rows.length && lines.length < count; row++) {
      if (this.lengths.get(column.key)?.[row] !== 0) lines.push(this.rows[row] as T);
    }
    return Array.from({ length: count }, (_, i) => lines[i]);
  }

  private head(row: number, column: Column<T>): number {
    const lengths = this.lengths.get(column.key);
    let head = row;
    while (lengths && head > 0 && lengths[head] === 0) head--;
    return head;
  }

  private along(row: number, from: number, by: 1 | -1): Cell | undefined {
    for (let at = from + by; at >= 0 && at < this.columns.length; at += by) {
      const column = this.columns[at] as Column<T>;
      const head = this.head(row, column);
      if (this.may(head, column)) return this.cell(head, column);
    }
    return undefined;
  }

  private across(from: number, column: Column<T>, by: 1 | -1): Cell | undefined {
    for (let row = from + by; row >= 0 && row < this.rows.length; row += by) {
      if (this.may(row, column)) return this.cell(row, column);
    }
    return undefined;
  }

  private wrap(from: number, by: 1 | -1): Cell | undefined {
    for (let row = from + by; row >= 0 && row < this.rows.length; row += by) {
      const columns = this.columns.filter((column) => this.may(row, column));
      const column = by === 1 ? columns[0] : columns[columns.length - 1];
      if (column) return this.cell(row, column);
    }
    return undefined;
  }

  private cell(row: number, column: Column<T>): Cell {
    return { line: this.keyOf(this.rows[row] as T), column: column.key };
  }
}

/** What may be typed or pasted into a column's cells. */
export function blockColumn<T>({ key, title, edit }: Column<T>): BlockColumn {
  return { key, title, check: (text) => wrong(edit, text), clean: (text) => cleaned(edit, text) };
}

function wrong<T>(edit: Column<T>["edit"], text: string): string | undefined {
  if (edit?.kind === "day" && text === "" && edit.clearable) return undefined;
  if (edit?.kind === "day" && parseDay(text) === null) return "请写成 2026-10-15";
  if (edit?.kind === "choice" && choice(edit, text) === undefined)
    return `请写${edit.options?.map(({ label }) => `「${label}」`).join("")}之一`;
  if (edit?.required && text === "") return "不能为空";
  if (edit?.limit && [...text].length > edit.limit) return `最多 ${edit.limit} 个字`;
  return undefined;
}

function cleaned<T>(edit: Column<T>["edit"], text: string): string {
  if (edit?.kind === "day") return parseDay(text) ?? text;
  if (edit?.kind === "choice") return choice(edit, text) ?? text;
  return text;
}

function choice<T>(edit: NonNullable<Column<T>["edit"]>, text: string): string | undefined {
  return edit.options?.find(({ value, label }) => value === text || label === text)?.value;
}
