import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { parseAddress, writeAddress } from "@/app/address";
import { useSession } from "@/app/session";
import { columnWords, headsOf, type Placed, placeColumns } from "./columns";
import { lastUsed, type Owner, rememberPage, rememberUse, trailOf } from "./memory";
import type { Answer, Ask, ListSpec, Tab } from "./spec";
import { type ListState, memorable, readState, untouched, writeState } from "./state";

/** A list at work. */
export interface List<T> {
  spec: ListSpec<T>;
  owner: Owner;
  state: ListState;
  /** Goes to another state: `push` adds a step that Back takes back, `replace` does not. */
  go: (next: ListState, how?: "push" | "replace") => void;
  ask: Ask;
  tab: Tab | undefined;
  placed: Placed<T>[];
  place: (placed: readonly Placed<T>[]) => void;
  rows: readonly T[];
  /** The rows that begin an object; all of them unless objects have several rows. */
  heads: readonly T[];
  answer: UseQueryResult<Answer<T>>;
  /** Rows of another question, shown dimmed until the new ones arrive. */
  old: boolean;
  total: number | undefined;
  /** How many rows there are without any filter. */
  overall: number | undefined;
  filtered: boolean;
  /** The pages beside this one, where there are any. */
  pages: { previous?: Place; next?: Place };
  turn: (to: Place) => void;
  openRow: (key: string) => void;
  closeRow: () => void;
  /** Opens the previous or next row of the filtered list, over the edge of the page too. */
  step: (by: -1 | 1) => void;
}

const noRows: readonly never[] = [];

/** Connects a list with the address, the memory and the service. */
export function useList<T>(spec: ListSpec<T>): List<T> {
  const session = useSession();
  const owner = useMemo(
    () => ({ person: session.name, office: session.office, below: session.below, screen: spec.screen }),
    [session.name, session.office, session.below, spec.screen],
  );
  const [state, go] = useAddress(
    owner,
    (spec.filters ?? []).map((filter) => filter.key),
  );

  const tab = spec.tabs?.find((each) => each.key === state.tab) ?? spec.tabs?.[0];
  const ask: Ask = {
    q: state.q,
    filters: state.filters,
    sort: state.sort,
    limit: state.size,
    cursor: state.after,
    tab: tab?.key ?? "",
  };
  const answer = useQuery({
    queryKey: [...spec.queryKey, "list", ask],
    queryFn: ({ signal }) => spec.load(ask, signal),
    // Rows of another tab may be of another kind.
    placeholderData: (before, query) =>
      (query?.queryKey.at(-1) as Ask | undefined)?.tab === ask.tab ? before : undefined,
  });
  const filtered = state.q !== "" || Object.keys(state.filters).length > 0;
  const whole: Ask = { q: "", filters: {}, sort: "", limit: 1, cursor: "", tab: ask.tab };
  const everything = useQuery({
    queryKey: [...spec.queryKey, "overall", whole.tab],
    queryFn: ({ signal }) => spec.load(whole, signal),
    enabled: filtered && answer.isSuccess,
    staleTime: 60_000,
  });

  const rows = answer.data?.items ?? noRows;
  const heads = useMemo(() => headsOf(rows, spec.rowKey), [rows, spec.rowKey]);
  const total = answer.data?.total ?? undefined;
  const pages = usePages(owner, state, answer.isPlaceholderData ? null : (answer.data?.next ?? null));
  const place = useCallback(
    (placed: readonly Placed<T>[]) => go({ ...state, cols: columnWords(placed), view: "" }, "replace"),
    [go, state],
  );
  const opened = useOpenRow(spec, state, go, heads, answer.isPlaceholderData, pages);
  return {
    spec,
    owner,
    state,
    go,
    ask,
    tab,
    placed: placeColumns(spec.columns, tab, state.cols),
    place,
    rows,
    heads,
    answer,
    old: answer.isPlaceholderData,
    total,
    overall: filtered ? (everything.data?.total ?? undefined) : total,
    filtered,
    pages,
    turn: (to) => go({ ...state, ...to, open: "" }),
    ...opened,
  };
}

// The address is the state. An address that says nothing is filled, once per visit, with what was last used here.
function useAddress(owner: Owner, filterKeys: readonly string[]): [ListState, List<unknown>["go"]] {
  // `below` (N3) belongs to the shell; it stays in the address whatever the list does.
  const { below, ...search } = useSearch({ strict: false }) as Record<string, string>;
  const navigate = useNavigate();
  const visited = useRef(false);
  const bare = Object.keys(search).length === 0;
  const shown = bare && !visited.current ? lastUsed(owner) : search;
  const words = writeAddress(shown);
  const keys = filterKeys.join();
  const state = useMemo(() => readState(parseAddress(words), keys.split(",")), [words, keys]);

  const go = useCallback(
    (next: ListState, how: "push" | "replace" = "push") => {
      visited.current = true;
      void navigate({
        to: ".",
        search: { below, ...writeState(next) } as never,
        replace: how === "replace",
        resetScroll: false,
      });
    },
    [navigate, below],
  );
  useEffect(() => {
    if (!visited.current) go(state, "replace");
    rememberUse(owner, memorable(state));
  }, [owner, state, go]);
  return [state, go];
}

/** Where a page begins. */
interface Place {
  page: number;
  after: string;
}

function usePages(owner: Owner, state: ListState, next: string | null): { previous?: Place; next?: Place } {
  const question = JSON.stringify(writeState({ ...state, page: 1, after: "", open: "", cols: [], view: "" }));
  useEffect(() => rememberPage(owner, question, state.page, state.after), [owner, question, state.page, state.after]);
  const before = trailOf(owner, question)[state.page - 2] ?? "";
  return {
    previous: state.page > 1 ? { page: before === "" ? 1 : state.page - 1, after: before } : undefined,
    next: next ? { page: state.page + 1, after: next } : undefined,
  };
}

function useOpenRow<T>(
  spec: ListSpec<T>,
  state: ListState,
  go: List<T>["go"],
  rows: readonly T[],
  old: boolean,
  pages: { previous?: Place; next?: Place },
): Pick<List<T>, "openRow" | "closeRow" | "step"> {
  // Stepping over the edge of a page: the row to open is known only when the next page has come.
  const [awaited, setAwaited] = useState<{ after: string; end: "first" | "last" } | null>(null);
  const open = (key: string) => go({ ...state, open: key }, state.open === "" && key !== "" ? "push" : "replace");

  useEffect(() => {
    if (awaited === null || old || state.after !== awaited.after || rows.length === 0) return;
    const row = awaited.end === "first" ? rows[0] : rows[rows.length - 1];
    setAwaited(null);
    go({ ...state, open: spec.rowKey(row as T) }, "replace");
  }, [awaited, old, rows, state, go, spec]);

  const step = (by: -1 | 1) => {
    const at = rows.findIndex((row) => spec.rowKey(row) === state.open);
    if (at < 0) return;
    const row = rows[at + by];
    if (row !== undefined) return open(spec.rowKey(row));
    const turn = by === 1 ? pages.next : pages.previous;
    if (turn === undefined) return;
    setAwaited({ after: turn.after, end: by === 1 ? "first" : "last" });
    go({ ...state, ...turn }, "replace");
  };
  return { openRow: open, closeRow: () => open(""), step };
}

/** The state of a list with nothing asked, its layout kept. */
export function cleared(state: ListState): ListState {
  return { ...untouched, size: state.size, cols: state.cols, tab: state.tab };
}
