// What a screen says about its list. Everything else (address, memory, keys, paging, drawer, cards, print) is the part's.

import type { QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { BulkOutcome } from "./bulk";

/** What a list asks of the service. Turn it into the operation's own parameters in {@link ListSpec.load}. */
export interface Ask {
  q: string;
  filters: Readonly<Record<string, readonly string[]>>;
  /** `due` or `-due`; empty for the service's own order. */
  sort: string;
  /** At most 100. */
  limit: number;
  /** Empty for the first page. */
  cursor: string;
  /** The tab the list is on, if it has tabs. */
  tab: string;
}

/** What the service answers. */
export interface Answer<T> {
  items: readonly T[] | null;
  next?: string | null;
  /** How many rows fit the question, where the service can tell cheaply. */
  total?: number | null;
}

/** One column. */
export interface Column<T> {
  key: string;
  /** The header, with the unit of numbers: 「涉及金额（元）」. */
  title: string;
  /** Pixels. Texts of several lines need 200 or more. */
  width: number;
  cell: (row: T) => ReactNode;
  /** Numbers are right-aligned. */
  align?: "right";
  /** The service can sort by this key. */
  sortable?: boolean;
  /** Stays in sight when scrolling sideways, unless the person unpins it. */
  pinned?: boolean;
  /** Not shown until the person asks for it. */
  hidden?: boolean;
  /** Neighbouring rows with the same answer share one cell, as in a ledger; nothing for a cell of its own. */
  mergeBy?: (row: T) => string | undefined;
  /** Where it stands on a phone's card; `line` unless said. */
  card?: "title" | "line" | "none";
  /** How its cells are changed in the list, for a list with a {@link ListSpec.grid}. */
  edit?: CellEdit<T>;
}

/** How a column's cells are changed in the list itself, as in a spreadsheet. */
export interface CellEdit<T> {
  /** Whether this person may change the cell of this row now. */
  can: (row: T) => boolean;
  /** What stands in the editor at first; it has the form that `save` takes. */
  text: (row: T) => string;
  /** One line unless said; a day is typed as ledgers write it. */
  kind?: "line" | "lines" | "day" | "choice";
  /** For a choice. */
  options?: readonly Option[];
  /** Characters, at most. */
  limit?: number;
  required?: boolean;
  /** A day may be taken away from this row's cell; of other rows the service says why not. Absent: it is never empty. */
  clearable?: (row: T) => boolean;
}

/** A list whose cells can be changed. Columns say which with {@link Column.edit}. */
export interface GridSpec<T> {
  /** What tells two lines apart, where several are about one object. */
  lineKey: (row: T) => string;
  /** What a line is called: 「QY-06-02-017 第 2 项」 */
  lineName: (row: T) => string;
  /** Saves cells of one line, by column key. `version` is given when the person saw what somebody else wrote meanwhile. */
  save: (row: T, values: Readonly<Record<string, string>>, version?: number) => Promise<unknown>;
  /** What is out of date afterwards. */
  refresh: readonly QueryKey[];
  /** The names under which a stale answer tells the columns' values. */
  fieldOf: (column: string) => string;
}

/** A value a filter offers. */
export interface Option {
  value: string;
  label: string;
}

/** One filter. The first three are always visible. */
export interface Filter {
  /** Its key in the address: `status`. Not one of q, sort, size, page, after, cols, view, tab, open. */
  key: string;
  /** 「状态」 */
  label: string;
  /** One value, several, a range of days (`from..to`), text, or yes/no. */
  kind: "one" | "many" | "days" | "text" | "flag";
  /** For one and many; for days, named spans beside the calendar: `7d`. A function is asked once and remembered. */
  options?: readonly Option[] | (() => Promise<readonly Option[]>);
}

/** The same rows laid out in another way: 总台账 | 问题清单 | 任务清单 | 责任清单. */
export interface Tab {
  key: string;
  label: string;
  /** The columns of this tab, in order; all when absent. */
  columns?: readonly string[];
}

/** Something done to the selected rows. */
export interface BulkAction<T> {
  key: string;
  /** 「批量催办」 */
  label: string;
  /** Does it, usually through `eachRow`, and says what became of every row. */
  run: (rows: readonly T[], progress: (done: number) => void) => Promise<BulkOutcome>;
  /** One sentence to confirm what will happen to n rows; absent for what can be undone. */
  confirm?: (count: number) => string;
}

/** A way out of the list. The number of rows is shown before it runs. */
export interface ExportAction {
  key: string;
  /** 「Excel（上报格式）」 */
  label: string;
  /** What leaves, in one line: 「含合并单元格与冻结表头，A3 横向」. */
  note?: string;
  /** It takes the columns on screen: the preview names them. */
  columns?: boolean;
  /** Runs with the question on screen and the columns shown. */
  run: (ask: Ask, columns: readonly string[]) => Promise<unknown>;
}

/** A list screen. */
export interface ListSpec<T> {
  /** Names the list in a person's memory, and whose views the service keeps for it: `rectification.ledger`. */
  screen: string;
  /** What a row is called, with its measure word: 「条」「件」「份」. */
  unit?: string;
  /** Names the data in the query cache, office and identity included: `["items", office]`. Writes refresh by it. */
  queryKey: QueryKey;
  load: (ask: Ask, signal: AbortSignal) => Promise<Answer<T>>;
  /**
   * The object a row is about. Neighbouring rows may share one, as the measures of a problem do in a ledger: they open,
   * select and step as one; columns with `mergeBy` show once.
   */
  rowKey: (row: T) => string;
  /** What the row is called when spoken of: its number. */
  rowName: (row: T) => string;
  columns: readonly Column<T>[];
  filters?: readonly Filter[];
  /** 「搜索编号、问题、单位」; no search box when absent. */
  search?: string;
  tabs?: readonly Tab[];
  /** What opens beside the list. The row is missing when the address names one that is not on this page: load by key. */
  drawer?: (key: string, row: T | undefined) => ReactNode;
  /** The drawer's heading; the row's name when absent. */
  drawerTitle?: (key: string, row: T | undefined) => ReactNode;
  /** The row's own page, for Ctrl-click and 「打开完整页面」; when there is no drawer, Enter goes there. */
  href?: (row: T) => string | undefined;
  bulk?: readonly BulkAction<T>[];
  exports?: readonly ExportAction[];
  /** Cells can be changed here, one by one or by a block from Excel. */
  grid?: GridSpec<T>;
  /** What will appear here, with the first thing to do. */
  empty: ReactNode;
  /** Who can help a reader without the right; the office when absent. */
  contact?: string;
  /** Ledgers are compact, other lists standard. */
  density?: "compact" | "standard" | "loose";
  /** Printed above the table; also names exported files. */
  caption: string;
  /** Sections of one page, e.g. 已逾期, 今天到期: rows come grouped and this names each row's group. */
  sectionOf?: (row: T) => string;
}
