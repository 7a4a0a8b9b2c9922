// THE list. Every list of the workbench is this part with another specification (UX 2.3).

import { Button, type InputRef, Segmented, Select } from "antd";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import { useContact, useSession } from "@/app/session";
import { now } from "@/words/clock";
import { formatInstant } from "@/words/dates";
import { formatCount } from "@/words/numbers";
import { useDelayed } from "../delayed";
import { useKeys } from "../keys";
import { Empty, NoRight, ProblemNotice } from "../show";
import { useNarrow } from "../useNarrow";
import { BulkBar } from "./BulkBar";
import { FilterBar, FilterLine } from "./FilterBar";
import { GridBar } from "./GridBar";
import { chosenDensity, rememberDensity } from "./memory";
import { RowDrawer } from "./RowDrawer";
import { RowCards, RowSkeleton, RowTable, type Selection } from "./Rows";
import type { ListSpec } from "./spec";
import { pageSizes } from "./state";
import { type Density, Tools } from "./Tools";
import { type Grid, useGrid } from "./useGrid";
import { cleared, type List, useList } from "./useList";
import "./list.css";
import "./grid.css";
import "./print.css";

/** A list with everything around it. Put it below a page head; it fills the rest of the window. */
export function ListView<T extends object>({ spec }: { spec: ListSpec<T> }): ReactNode {
  const list = useList(spec);
  const narrow = useNarrow();
  const area = useRef<HTMLElement>(null);
  const searchField = useRef<InputRef>(null);
  const [density, setDensity] = useDensity(list);
  const [selection, select] = useState<Selection<T>>(new Map());
  const grid = useGrid(list);
  const close = useClosing(list, area);
  useListKeys(list, { area, searchField, selection, select, close });
  useOpenRowInSight(list, area);
  return (
    <section ref={area} className={`x-list x-density-${density}`} aria-label={spec.caption}>
      {spec.tabs && <ListTabs list={list} />}
      <div className="x-list-bar">
        <FilterBar list={list} searchField={searchField} />
        <Tools list={list} area={area} density={density} setDensity={setDensity} />
      </div>
      <FilterLine list={list} />
      <PrintHead list={list} />
      {spec.grid && !narrow && <GridBar list={list} grid={grid} area={area} />}
      {spec.bulk && <BulkBar list={list} selection={selection} select={select} />}
      <div className="x-list-body">
        <Body list={list} narrow={narrow} selection={selection} select={select} grid={grid} />
      </div>
      <Pager list={list} />
      {spec.drawer && <RowDrawer list={list} onClose={close} />}
    </section>
  );
}

function Body<T extends object>({
  list,
  narrow,
  selection,
  select,
  grid,
}: {
  list: List<T>;
  narrow: boolean;
  selection: Selection<T>;
  select: (next: Selection<T>) => void;
  grid: Grid<T>;
}): ReactNode {
  const { spec, answer, rows, old } = list;
  const office = useContact();
  const waiting = useDelayed(answer.isPending);
  const refetching = useDelayed(old);
  if (answer.isPending) return waiting && <RowSkeleton list={list} />;
  const problem = answer.error ? asProblem(answer.error) : null;
  if (problem?.status === 403) return <NoRight contact={spec.contact ?? office} />;
  return (
    <>
      {problem && <ProblemNotice problem={problem} retry={() => void answer.refetch()} />}
      {answer.data && rows.length === 0 && <EmptyList list={list} />}
      {rows.length > 0 && (
        <div className={refetching ? "x-list-rows x-list-old" : "x-list-rows"} aria-busy={old}>
          {narrow ? (
            <RowCards list={list} />
          ) : (
            <RowTable list={list} selection={selection} select={select} grid={grid} />
          )}
        </div>
      )}
    </>
  );
}

function EmptyList<T>({ list }: { list: List<T> }): ReactNode {
  const unit = list.spec.unit ?? "条";
  if (list.state.page > 1) {
    return (
      <Empty actions={<Button onClick={() => list.go(cleared(list.state))}>回到第一页</Button>}>
        这一页已经没有内容。
      </Empty>
    );
  }
  if (!list.filtered) return <div className="x-empty">{list.spec.empty}</div>;
  return (
    <Empty actions={<Button onClick={() => list.go(cleared(list.state))}>清除筛选</Button>}>
      没有符合条件的内容{list.overall ? `（全部共 ${formatCount(list.overall)} ${unit}）` : ""}。
    </Empty>
  );
}

function ListTabs<T>({ list }: { list: List<T> }): ReactNode {
  const { spec, state, tab } = list;
  return (
    <Segmented
      className="x-list-tabs x-no-print"
      aria-label={spec.caption}
      options={(spec.tabs ?? []).map(({ key, label }) => ({ value: key, label }))}
      value={tab?.key}
      onChange={(key) => {
        const first = key === spec.tabs?.[0]?.key;
        const tab = first ? "" : String(key);
        list.go({ ...state, tab, sort: "", cols: [], page: 1, after: "", open: "", view: "" });
      }}
    />
  );
}

function Pager<T>({ list }: { list: List<T> }): ReactNode {
  const { state, pages, total, rows } = list;
  if (rows.length === 0 && state.page === 1) return null;
  const { previous, next } = pages;
  const count = total === undefined ? "" : `／${Math.max(1, Math.ceil(total / state.size))}`;
  return (
    <nav className="x-list-pager x-no-print" aria-label="翻页">
      <Button disabled={!previous} onClick={() => previous && list.turn(previous)}>
        上一页
      </Button>
      <span className="x-number">
        第 {state.page}
        {count} 页
      </span>
      <Button disabled={!next} onClick={() => next && list.turn(next)}>
        下一页
      </Button>
      <Select
        aria-label="每页行数"
        value={state.size}
        options={pageSizes.map((size) => ({ value: size, label: `每页 ${size}` }))}
        onChange={(size) => list.go({ ...state, size, page: 1, after: "", open: "" }, "replace")}
      />
    </nav>
  );
}

// What print shows instead of the controls: what this is, whose, filtered how, and when.
function PrintHead<T>({ list }: { list: List<T> }): ReactNode {
  const { identity, name } = useSession();
  return (
    <div className="x-print-only">
      <h2>
        {identity.office.name} {list.spec.caption}
      </h2>
      <p>
        打印：{name}，{formatInstant(now())}
      </p>
    </div>
  );
}

function useDensity<T>(list: List<T>): [Density, (density: Density) => void] {
  const [density, set] = useState<Density>(
    () => (chosenDensity(list.owner) || list.spec.density || "standard") as Density,
  );
  const choose = (next: Density) => {
    set(next);
    rememberDensity(list.owner, next);
  };
  return [density, choose];
}

/** The objects on screen, as table rows or cards. */
function rowElements(area: HTMLElement | null): HTMLElement[] {
  return [...(area?.querySelectorAll<HTMLElement>("[data-object]") ?? [])];
}

function rowElement(area: HTMLElement | null, key: string): HTMLElement | undefined {
  return rowElements(area).find((element) => element.dataset.object === key);
}

// Closing the drawer gives the focus back to the row of the object last shown.
function useClosing<T>(list: List<T>, area: React.RefObject<HTMLElement | null>): () => void {
  return () => {
    const key = list.state.open;
    list.closeRow();
    setTimeout(() => rowElement(area.current, key)?.focus());
  };
}

function useOpenRowInSight<T>(list: List<T>, area: React.RefObject<HTMLElement | null>): void {
  const { open } = list.state;
  useEffect(() => {
    if (open !== "") rowElement(area.current, open)?.scrollIntoView({ block: "nearest" });
  }, [open, area]);
}

function useListKeys<T>(
  list: List<T>,
  {
    area,
    searchField,
    selection,
    select,
    close,
  }: {
    area: React.RefObject<HTMLElement | null>;
    searchField: React.RefObject<InputRef | null>;
    selection: Selection<T>;
    select: (next: Selection<T>) => void;
    close: () => void;
  },
): void {
  const { spec, heads, state } = list;
  const focused = useCallback(() => rowElements(area.current).indexOf(document.activeElement as HTMLElement), [area]);
  const move = (by: 1 | -1) => {
    const elements = rowElements(area.current);
    const at = focused();
    const from = at >= 0 ? at : elements.findIndex((element) => element.dataset.object === state.open);
    const to = from < 0 ? 0 : Math.max(0, Math.min(elements.length - 1, from + by));
    elements[to]?.focus();
    elements[to]?.scrollIntoView({ block: "nearest" });
  };
  // The arrows belong to the page, to menus and to tables of their own unless a row has the focus.
  const arrow = (by: 1 | -1) => () => (focused() < 0 ? false : move(by));
  useKeys({
    "/": () => (spec.search === undefined ? false : searchField.current?.focus({ cursor: "all" })),
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: arrow(1),
    ArrowUp: arrow(-1),
    x: () => {
      const row = heads[focused()];
      if (!spec.bulk || row === undefined) return false;
      const next = new Map(selection);
      if (!next.delete(spec.rowKey(row))) next.set(spec.rowKey(row), row);
      select(next);
    },
    "[": () => (state.open === "" ? false : list.step(-1)),
    "]": () => (state.open === "" ? false : list.step(1)),
    Escape: () => (state.open === "" ? false : close()),
  });
}
