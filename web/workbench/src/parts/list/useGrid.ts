// Changing cells in the list itself. One cell is selected, Enter edits it, what was typed is saved cell by cell; a cell
// that could not be saved keeps its text and says why until it is, whatever happens to the list around it.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { asProblem, type Problem } from "@/api/problem";
import { checkCell } from "../form/block";
import { useLeaveGuard } from "../form/leave";
import { say } from "../toast";
import { blockColumn, type Cell, Cells, cellName, type Way } from "./cells";
import type { Column, GridSpec } from "./spec";
import type { List } from "./useList";

/** The list that a change was made in: by the time the change is saved another tab's may stand there. */
export interface Sheet<T> {
  grid: GridSpec<T>;
  cells: Cells<T>;
}

/** What was typed into a cell and is not in the list yet. */
export interface Typed<T> {
  sheet: Sheet<T>;
  cell: Cell;
  /** The line as it was when the text was begun: what is saved stands on that version. */
  row: T;
  column: Column<T>;
  text: string;
  /** What is wrong with it, or what saving ran into; null while it is being saved. */
  problem: Problem | string | null;
}

/** Cells of one line to be saved together. */
export interface LineChange<T> {
  row: T;
  values: Readonly<Record<string, string>>;
}

interface Change<T> extends LineChange<T> {
  sheet: Sheet<T>;
}

/** A list's cells at work. */
export interface Grid<T> {
  cells: Cells<T>;
  selected: Cell | null;
  select: (cell: Cell | null) => void;
  /** The text in the editor of the selected cell; null when it is not being edited. */
  draft: string | null;
  edit: (draft: string | null) => void;
  move: (way: Way) => boolean;
  /** Saves what stands in the editor and goes on. */
  commit: (then?: Way) => void;
  typed: ReadonlyMap<string, Typed<T>>;
  /** Saves what was typed into a cell again, on top of this version where the person saw another. */
  again: (typed: Typed<T>, version?: number) => void;
  forget: (typed: Typed<T>) => void;
  /** Takes the last change back. */
  undo: () => boolean;
  /** Saves lines of a block; the answer tells which were not saved, and why. */
  saveLines: (lines: readonly LineChange<T>[]) => Promise<(Problem | null)[]>;
}

/** Connects a list with what is being changed in it. */
export function useGrid<T extends object>(list: List<T>): Grid<T> {
  const { spec, rows, placed } = list;
  const queries = useQueryClient();
  const cells = useMemo(() => new Cells(spec, rows, placed), [spec, rows, placed]);
  const [selected, setSelected] = useState<Cell | null>(null);
  const [draft, setDraft] = useState<string | null>(null);
  const begun = useRef<{ row?: T; text: string }>({ text: "" }); // as it was when the cell began to be edited
  const [typed, setTyped] = useState<ReadonlyMap<string, Typed<T>>>(new Map());
  const [done, setDone] = useState<readonly Change<T>[][]>([]);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const sheet = useMemo(() => spec.grid && { grid: spec.grid, cells }, [spec.grid, cells]);
  useLeaveGuard(typed.size > 0 || draft !== null);

  const put = useCallback((name: string, next: Typed<T> | null) => {
    setTyped((before) => {
      const after = new Map(before);
      if (next === null) after.delete(name);
      else after.set(name, next);
      return after;
    });
  }, []);
  const refresh = useCallback(
    ({ grid }: Sheet<T>) => Promise.all(grid.refresh.map((queryKey) => queries.invalidateQueries({ queryKey }))),
    [queries],
  );
  // One after the other: a line's next change needs the version that the one before gave it.
  const inTurn = useCallback(<R>(run: () => Promise<R>): Promise<R> => {
    const next = queue.current.then(run, run);
    queue.current = next.catch(() => undefined);
    return next;
  }, []);
  const saveLine = useCallback(
    ({ row, values, sheet }: Change<T>, version?: number) => inTurn(() => sheet.grid.save(row, values, version)),
    [inTurn],
  );

  const takeBack = useCallback(
    async (changes: readonly Change<T>[]) => {
      setDone((before) => before.filter((each) => each !== changes));
      for (const change of changes) await saveLine(change);
      if (changes[0]) await refresh(changes[0].sheet);
    },
    [saveLine, refresh],
  );
  const remember = useCallback(
    (all: Change<T>[], text: string) => {
      const changes = all.flatMap(takeable);
      if (changes.length === 0) return say(text);
      setDone((before) => [...before.slice(-49), changes]);
      say(text, () => takeBack(changes));
    },
    [takeBack],
  );

  const save = useCallback(
    async (what: Typed<T>, version?: number) => {
      const { row, column, cell, text, sheet } = what;
      const name = cellName(cell);
      const checked = checkCell(blockColumn(column), text);
      if (checked.problem !== undefined) return put(name, { ...what, problem: checked.problem });
      const before = column.edit?.text(row) ?? "";
      put(name, { ...what, problem: null });
      try {
        await saveLine({ row, values: { [column.key]: checked.value }, sheet }, version);
      } catch (thrown) {
        return put(name, { ...what, problem: asProblem(thrown) });
      }
      const said = `已保存：${sheet.grid.lineName(row)} ${column.title}`;
      remember([{ row, values: { [column.key]: before }, sheet }], said);
      await refresh(sheet);
      put(name, null);
    },
    [put, saveLine, remember, refresh],
  );

  const edit = (text: string | null) => {
    if (draft === null && text !== null && selected) {
      begun.current = { row: typed.get(cellName(selected))?.row ?? cells.lineOf(selected.line), text };
    }
    setDraft(text);
  };
  const move = (way: Way) => {
    const next = selected && cells.beside(selected, way);
    if (next) setSelected(next);
    return Boolean(next);
  };
  return {
    cells,
    selected,
    select: (cell) => {
      setSelected(cell);
      edit(null);
    },
    draft,
    edit,
    move,
    commit: (then) => {
      if (selected === null || draft === null) return;
      const { row, text } = begun.current;
      const column = cells.column(selected.column);
      edit(null);
      if (row && column && sheet) {
        const name = cellName(selected);
        const stood = column.edit?.text(row) ?? "";
        if ([stood, text].some((each) => draft.trim() !== each.trim())) {
          void save({ cell: selected, row, column, text: draft, problem: null, sheet });
        } else if (typed.get(name)?.problem) put(name, null);
      }
      if (then) move(then);
    },
    typed,
    again: (what, version) => void save(what, version),
    forget: (what) => put(cellName(what.cell), null),
    undo: () => {
      const last = done[done.length - 1];
      if (last === undefined) return false;
      takeBack(last).then(
        () => say("已撤销上一处修改"),
        (thrown) => say(`未能撤销：${asProblem(thrown).message}`),
      );
      return true;
    },
    saveLines: async (lines) => {
      if (!sheet) return [];
      const outcome: (Problem | null)[] = [];
      const undone: Change<T>[] = [];
      for (const line of lines) {
        const before = valuesOf(line, cells);
        try {
          await saveLine({ ...line, sheet });
          undone.push({ row: line.row, values: before, sheet });
          outcome.push(null);
        } catch (thrown) {
          outcome.push(asProblem(thrown));
        }
      }
      if (undone.length > 0) remember(undone, `已保存 ${undone.length} 行`);
      await refresh(sheet);
      return outcome;
    },
  };
}

// What can be taken back of a change: where a day is needed, one that there was not cannot be put back.
function takeable<T>({ row, values, sheet }: Change<T>): Change<T>[] {
  const kept = Object.entries(values).filter(([key, text]) => {
    const edit = sheet.cells.column(key)?.edit;
    return text !== "" || edit?.kind !== "day" || edit.clearable?.(row);
  });
  return kept.length > 0 ? [{ row, values: Object.fromEntries(kept), sheet }] : [];
}

// What stood in the cells of a line before it was changed.
function valuesOf<T>({ row, values }: LineChange<T>, cells: Cells<T>): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((key) => [key, cells.column(key)?.edit?.text(row) ?? ""]));
}
