// A list's state lives in the address (UX 2.3): copying the address shows any reader with the right the same screen,
// and Back never loses a list. What a person last used is remembered too; an address that says something wins.

import { writeAddress } from "@/app/address";

/** What is asked of the service and shown on screen. */
export interface ListState {
  /** Search words. */
  q: string;
  /** Chosen values by filter key; a filter without values is absent. */
  filters: Readonly<Record<string, readonly string[]>>;
  /** `due` or `-due`; empty for the screen's own order. */
  sort: string;
  /** Rows per page. */
  size: number;
  /** Which page, from 1. Pages follow each other through cursors; the number is for people. */
  page: number;
  /** The cursor of this page; empty on the first. */
  after: string;
  /** Columns shown, in order, `*` behind a pinned one; empty for the screen's own. */
  cols: readonly string[];
  /** A view by its key; empty when none. */
  view: string;
  /** The tab, when the list has tabs; empty for the first. */
  tab: string;
  /** The row whose drawer is open. */
  open: string;
}

/** The address's query as the router hands it over. */
export type ListSearch = Record<string, string>;

export const pageSizes = [20, 50, 100] as const;

/** A list nobody has touched. */
export const untouched: ListState = {
  q: "",
  filters: {},
  sort: "",
  size: 20,
  page: 1,
  after: "",
  cols: [],
  view: "",
  tab: "",
  open: "",
};

/** The address of a list with nothing asked, whatever was last used: what leads to all rows says so. */
export const wholeList: ListSearch = { view: "none" };

const own = new Set(["q", "sort", "size", "page", "after", "cols", "view", "tab", "open"]);

/** Reads a state out of an address. Keys that are no filter of this screen are dropped. */
export function readState(search: ListSearch, filterKeys: readonly string[]): ListState {
  const filters: Record<string, readonly string[]> = {};
  for (const key of filterKeys) {
    const values = splitValues(search[key]);
    if (values.length > 0 && !own.has(key)) filters[key] = values;
  }
  const size = Number(search.size);
  const page = Number(search.page);
  const after = search.after ?? "";
  return {
    q: search.q ?? "",
    filters,
    sort: search.sort ?? "",
    size: pageSizes.includes(size as (typeof pageSizes)[number]) ? size : untouched.size,
    page: after !== "" && Number.isInteger(page) && page > 1 ? page : 1,
    after,
    cols: splitValues(search.cols),
    view: search.view ?? "",
    tab: search.tab ?? "",
    open: search.open ?? "",
  };
}

/** Writes a state as an address, leaving out whatever says nothing. */
export function writeState(state: ListState): ListSearch {
  const search: ListSearch = {};
  if (state.tab !== "") search.tab = state.tab;
  if (state.view !== "") search.view = state.view;
  if (state.q !== "") search.q = state.q;
  for (const [key, values] of Object.entries(state.filters)) {
    if (values.length > 0) search[key] = values.map(escapeValue).join(",");
  }
  if (state.sort !== "") search.sort = state.sort;
  if (state.size !== untouched.size) search.size = String(state.size);
  if (state.cols.length > 0) search.cols = state.cols.map(escapeValue).join(",");
  if (state.after !== "") {
    search.page = String(state.page);
    search.after = state.after;
  }
  if (state.open !== "") search.open = state.open;
  return search;
}

/** The state with something else asked for: back on the first page, no drawer open. */
export function asking(state: ListState, change: Partial<ListState>): ListState {
  return { ...state, ...change, page: 1, after: "", open: "" };
}

/** The state with one filter set to these values; none removes it. The view is left as soon as its question changes. */
export function withFilter(state: ListState, key: string, values: readonly string[]): ListState {
  const { [key]: _, ...others } = state.filters;
  return asking(state, { filters: values.length > 0 ? { ...others, [key]: values } : others, view: "" });
}

/** The next of 升序, 降序, 不排序 for a column. */
export function nextSort(sort: string, column: string): string {
  if (sort === column) return `-${column}`;
  return sort === `-${column}` ? "" : column;
}

/** What a person keeps of a list between visits: everything but the place in it. */
export function memorable(state: ListState): ListSearch {
  const view = state.view === wholeList.view ? "" : state.view;
  return writeState({ ...state, view, page: 1, after: "", open: "" });
}

/** The address under which anybody sees this list: whose it is and what is asked. A place in it is one person's. */
export function sharedAddress(state: ListState, below: string | undefined): string {
  const asked = writeState({ ...state, page: 1, after: "" });
  return writeAddress({ below, ...(Object.keys(asked).length > 0 ? asked : wholeList) });
}

// A comma separates values, so one inside a value is written as `\,`.
function escapeValue(value: string): string {
  return value.replace(/[\\,]/g, "\\$&");
}

function splitValues(joined: string | undefined): string[] {
  if (!joined) return [];
  const values: string[] = [];
  let value = "";
  for (let i = 0; i < joined.length; i++) {
    const c = joined[i] as string;
    if (c === "\\" && i + 1 < joined.length) value += joined[++i];
    else if (c === ",") {
      values.push(value);
      value = "";
    } else value += c;
  }
  values.push(value);
  return values.filter((each) => each !== "");
}
