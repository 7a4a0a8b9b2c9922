import { Input } from "antd";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef } from "react";
import { sentence } from "@/api/problem";
import { isComposing } from "../keys";
import { type Cell, cellName, type Way } from "./cells";
import type { Column } from "./spec";
import type { Grid, Typed } from "./useGrid";

const arrows: Readonly<Record<string, Way>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

/** What makes a table cell one that can be selected and edited. */
export function cellProps<T>(grid: Grid<T>, column: Column<T>, row: T): object {
  const cell = cellOf(grid, column, row);
  const selected = isAt(grid, cell);
  const problem = grid.typed.get(cellName(cell))?.problem;
  return {
    "data-cell": cellName(cell),
    tabIndex: -1,
    className: [
      "x-edit",
      column.align === "right" && "x-number",
      selected && "x-edit-selected",
      problem && "x-edit-wrong",
    ]
      .filter(Boolean)
      .join(" "),
    onClick: (event: MouseEvent<HTMLElement>) => {
      if ((event.target as HTMLElement).closest("a, button, input, textarea, select")) return;
      event.stopPropagation();
      if (!selected) grid.select(cell);
    },
    onDoubleClick: () => grid.edit(textOf(grid, column, row)),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.target !== event.currentTarget || isComposing(event.nativeEvent)) return;
      if (selectedKey(grid, column, row, event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
  };
}

// Keys while a cell is selected and not being edited; what is not named here keeps its meaning.
function selectedKey<T>(grid: Grid<T>, column: Column<T>, row: T, event: KeyboardEvent<HTMLElement>): boolean {
  if (event.ctrlKey || event.metaKey) {
    return event.key.toLowerCase() === "z" && grid.undo();
  }
  const way = arrows[event.key];
  if (way) {
    grid.move(way);
    return true;
  }
  switch (event.key) {
    case "Enter":
    case "F2":
      grid.edit(textOf(grid, column, row));
      return true;
    case "Tab":
      return grid.move(event.shiftKey ? "previous" : "next");
    case "Escape": {
      const line = event.currentTarget.closest<HTMLElement>("[data-object]");
      grid.select(null);
      line?.focus();
      return true;
    }
  }
  return false;
}

/** What stands in a cell that can be changed: its editor, what was typed and is not saved yet, or its value. */
export function cellContent<T>(grid: Grid<T>, column: Column<T>, row: T): ReactNode {
  const cell = cellOf(grid, column, row);
  if (isAt(grid, cell) && grid.draft !== null) return <Editor grid={grid} column={column} />;
  const typed = grid.typed.get(cellName(cell));
  return typed ? <TypedText typed={typed} /> : column.cell(row);
}

function TypedText<T>({ typed: { text, column, problem } }: { typed: Typed<T> }): ReactNode {
  const shown = column.edit?.options?.find(({ value }) => value === text)?.label ?? text;
  return (
    <>
      <span className="x-lines">{shown}</span>
      <small className={problem === null ? "x-hint" : "x-standing-danger"}>
        {problem === null ? "正在保存…" : typeof problem === "string" ? problem : sentence(problem)}
      </small>
    </>
  );
}

// Enter saves and goes down, Tab saves and goes on, Escape leaves it as it was, as in a spreadsheet; never while an input
// method is composing. Leaving the field saves as well.
function Editor<T>({ grid, column }: { grid: Grid<T>; column: Column<T> }): ReactNode {
  const ended = useRef(false);
  const { kind = "line", limit, options } = column.edit ?? {};
  const end = (how: () => void) => {
    if (ended.current) return;
    ended.current = true;
    how();
  };
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    event.stopPropagation();
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter" && kind === "lines" && event.shiftKey) return;
    if (event.key === "Enter" && kind === "lines" && event.altKey) {
      document.execCommand("insertText", false, "\n"); // as spreadsheets do; browsers make nothing of it
      return event.preventDefault();
    }
    if (event.key === "Enter") end(() => grid.commit("down"));
    else if (event.key === "Tab") end(() => grid.commit(event.shiftKey ? "previous" : "next"));
    else if (event.key === "Escape") end(() => grid.edit(null));
    else return;
    event.preventDefault();
  };
  const shared = {
    "aria-label": column.title,
    autoFocus: true,
    value: grid.draft ?? "",
    onKeyDown: keys,
    onBlur: () =>
      end(() => {
        grid.commit();
        grid.select(null);
      }),
  };
  if (kind === "choice") {
    return (
      <select {...shared} className="x-edit-field" onChange={(event) => grid.edit(event.target.value)}>
        {options?.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <Input.TextArea
      {...shared}
      className="x-edit-field"
      autoSize={{ minRows: 1, maxRows: 8 }}
      maxLength={limit}
      onFocus={(event) => event.target.setSelectionRange(event.target.value.length, event.target.value.length)}
      onChange={(event) => grid.edit(kind === "lines" ? event.target.value : event.target.value.replace(/\n/g, " "))}
    />
  );
}

function cellOf<T>(grid: Grid<T>, column: Column<T>, row: T): Cell {
  return { line: grid.cells.keyOf(row), column: column.key };
}

function isAt<T>(grid: Grid<T>, cell: Cell): boolean {
  return grid.selected?.line === cell.line && grid.selected.column === cell.column;
}

// What was typed before is where editing goes on.
function textOf<T>(grid: Grid<T>, column: Column<T>, row: T): string {
  return grid.typed.get(cellName(cellOf(grid, column, row)))?.text ?? column.edit?.text(row) ?? "";
}
