import type { Column, Tab } from "./spec";

/** A column as the person arranged it. */
export interface Placed<T> {
  column: Column<T>;
  shown: boolean;
  pinned: boolean;
}

/** The columns in the person's order: `cols` from the address, or the screen's own when empty. The first always shows. */
export function placeColumns<T>(
  columns: readonly Column<T>[],
  tab: Tab | undefined,
  cols: readonly string[],
): Placed<T>[] {
  const known = new Map(columns.map((column) => [column.key, column]));
  const own = cols.length > 0 ? cols : ownOrder(columns, tab);
  const placed: Placed<T>[] = [];
  for (const word of own) {
    const pinned = word.endsWith("*");
    const column = known.get(pinned ? word.slice(0, -1) : word);
    if (column === undefined) continue;
    known.delete(column.key);
    placed.push({ column, shown: true, pinned });
  }
  const first = columns[0];
  if (first && known.delete(first.key)) placed.unshift({ column: first, shown: true, pinned: first.pinned ?? false });
  for (const column of known.values()) placed.push({ column, shown: false, pinned: false });
  return placed;
}

/** The words that say this arrangement in an address. */
export function columnWords<T>(placed: readonly Placed<T>[]): string[] {
  return placed.filter((each) => each.shown).map((each) => each.column.key + (each.pinned ? "*" : ""));
}

function ownOrder<T>(columns: readonly Column<T>[], tab: Tab | undefined): string[] {
  const chosen = tab?.columns
    ? tab.columns.flatMap((key) => columns.filter((column) => column.key === key))
    : columns.filter((column) => !column.hidden);
  return chosen.map((column) => column.key + (column.pinned ? "*" : ""));
}

/** Pinned columns come first, so that they meet the edge; the order within each part stays. */
export function shownColumns<T>(placed: readonly Placed<T>[]): Placed<T>[] {
  const shown = placed.filter((each) => each.shown);
  return [...shown.filter((each) => each.pinned), ...shown.filter((each) => !each.pinned)];
}

/** The arrangement with the column at `from` moved to `to`. */
export function moved<T>(placed: readonly Placed<T>[], from: number, to: number): Placed<T>[] {
  const next = [...placed];
  const [taken] = next.splice(from, 1);
  if (taken) next.splice(Math.max(0, Math.min(next.length, to)), 0, taken);
  return next;
}

/** How many rows each row's cell spans: equal neighbours share the first one's, the rest have 0. */
export function spans<T>(rows: readonly T[], mergeBy: (row: T) => string | undefined): number[] {
  const lengths = rows.map(() => 1);
  let start = 0;
  for (let i = 1; i < rows.length; i++) {
    const value = mergeBy(rows[i] as T);
    if (value !== undefined && value === mergeBy(rows[start] as T)) {
      lengths[start] = (lengths[start] as number) + 1;
      lengths[i] = 0;
    } else start = i;
  }
  return lengths;
}

/** The rows that begin an object: where neighbours are about the same one, only the first. */
export function headsOf<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  return rows.filter((row, i) => i === 0 || keyOf(rows[i - 1] as T) !== keyOf(row));
}
