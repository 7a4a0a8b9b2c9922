import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { Table } from "antd";
import {
  type ComponentProps,
  Fragment,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useMemo,
  useState,
} from "react";
import { usePreferences } from "@/app/look";
import { typeSizes } from "@/design/tokens";
import { copyText } from "../copy";
import { type Placed, shownColumns, spans } from "./columns";
import { cellContent, cellProps } from "./GridCell";
import type { ListSpec } from "./spec";
import { nextSort } from "./state";
import type { Grid } from "./useGrid";
import type { List } from "./useList";

/** The rows that are selected, by key; they stay so from page to page. */
export type Selection<T> = ReadonlyMap<string, T>;

interface RowsProps<T> {
  list: List<T>;
  selection: Selection<T>;
  select: (next: Selection<T>) => void;
  grid: Grid<T>;
}

/** The rows as a table: one table, so that print repeats its header and a reader hears header and cell together. */
export function RowTable<T extends object>({ list, selection, select, grid }: RowsProps<T>): ReactNode {
  const { spec, rows, heads, state } = list;
  const shown = useMemo(() => shownColumns(list.placed), [list.placed]);
  const openAction = useRowOpening(list);
  const sections = useMemo(() => sectionStarts(rows, spec), [rows, spec]);
  const isHead = useMemo(() => new Set(heads), [heads]);
  const lengths = useMemo(() => spans(rows, spec.rowKey), [rows, spec.rowKey]);
  // antd wants a key per row; rows of one object are told apart by counting.
  const keys = useMemo(
    () => new Map(rows.map((row, i) => [row, isHead.has(row) ? spec.rowKey(row) : `${i}`])),
    [rows, isHead, spec.rowKey],
  );
  const scale = useTypeScale();
  const columns = shown.map((placed) => tableColumn(placed, rows, state.sort, scale, grid));
  return (
    <Table<T>
      rowKey={(row) => keys.get(row) ?? ""}
      dataSource={[...rows]}
      columns={columns}
      pagination={false}
      tableLayout="fixed"
      components={spec.sectionOf && { body: { row: SectionRow } }}
      scroll={{ x: shown.reduce((sum, { column }) => sum + column.width * scale, spec.bulk ? 44 : 0) }}
      showSorterTooltip={false}
      onChange={(_, __, sorter, { action }) => {
        const column = Array.isArray(sorter) ? undefined : sorter.columnKey;
        if (action !== "sort" || column === undefined) return;
        list.go({ ...state, sort: nextSort(state.sort, String(column)), page: 1, after: "" });
      }}
      rowSelection={
        spec.bulk && {
          columnWidth: 44,
          fixed: true,
          preserveSelectedRowKeys: true,
          selectedRowKeys: [...selection.keys()],
          onChange: (chosen) => select(chosenRows(selection, chosen.map(String), heads, spec)),
          onCell: (_, index) => ({ rowSpan: lengths[index ?? 0] }),
          getCheckboxProps: (row) =>
            ({ "aria-label": `选择 ${spec.rowName(row)}`, disabled: !isHead.has(row) }) as { disabled: boolean },
        }
      }
      onRow={(row, index) => {
        const key = spec.rowKey(row);
        return {
          tabIndex: isHead.has(row) ? (index === 0 ? 0 : -1) : undefined,
          "data-object": isHead.has(row) ? key : undefined,
          "data-section": index === undefined ? undefined : sections.get(index),
          "data-columns": spec.sectionOf && columns.length + (spec.bulk ? 1 : 0),
          "aria-current": key === state.open ? "true" : undefined,
          className: `x-row${key === state.open ? " x-row-open" : ""}${selection.has(key) ? " x-row-chosen" : ""}`,
          ...openAction(row),
          onKeyDownCapture: enterCells(grid, index ?? 0),
        };
      }}
    />
  );
}

// From a row's focus the right arrow goes to its first cell that can be changed.
function enterCells<T>(grid: Grid<T>, index: number): ((event: KeyboardEvent<HTMLElement>) => void) | undefined {
  const first = grid.cells.firstOf(index);
  return (
    first &&
    ((event) => {
      if (event.key !== "ArrowRight" || event.target !== event.currentTarget) return;
      event.preventDefault();
      grid.select(first);
    })
  );
}

// Widths are said for the standard type size; larger type makes wider columns.
function useTypeScale(): number {
  return typeSizes[usePreferences().size] / typeSizes.standard;
}

// The first row of a section brings the section's heading with it.
function SectionRow({
  "data-section": section,
  "data-columns": columns,
  ...row
}: ComponentProps<"tr"> & { "data-section"?: string; "data-columns"?: number }): ReactNode {
  return (
    <>
      {section && (
        <tr className="x-section-row">
          <th colSpan={columns} scope="rowgroup">
            <div className="x-section">{section}</div>
          </th>
        </tr>
      )}
      <tr {...row} />
    </>
  );
}

function tableColumn<T>(
  { column, pinned }: Placed<T>,
  rows: readonly T[],
  sort: string,
  scale: number,
  grid: Grid<T>,
): object {
  const lengths = column.mergeBy && spans(rows, column.mergeBy);
  return {
    key: column.key,
    title: column.title,
    width: column.width * scale,
    fixed: pinned ? "start" : undefined,
    align: column.align,
    className: column.align === "right" ? "x-number" : undefined,
    sorter: column.sortable || undefined,
    sortOrder: sort === column.key ? "ascend" : sort === `-${column.key}` ? "descend" : null,
    render: (_: unknown, row: T, index: number) => (
      <div className="x-cell">{grid.cells.may(index, column) ? cellContent(grid, column, row) : column.cell(row)}</div>
    ),
    onCell: (_: T, index?: number) => ({
      rowSpan: lengths?.[index ?? 0],
      ...(grid.cells.may(index ?? -1, column) && cellProps(grid, column, rows[index ?? 0] as T)),
    }),
    onHeaderCell: () => ({ scope: "col" }),
  };
}

// The selection after ticking: rows of this page as ticked, rows of other pages as they were.
function chosenRows<T>(before: Selection<T>, keys: string[], heads: readonly T[], spec: ListSpec<T>): Selection<T> {
  const known = new Map([...before, ...heads.map((row) => [spec.rowKey(row), row] as const)]);
  return new Map(keys.flatMap((key) => (known.has(key) ? [[key, known.get(key) as T]] : [])));
}

// Which rows begin a section, and its name.
function sectionStarts<T>(rows: readonly T[], spec: ListSpec<T>): Map<number, string> {
  const starts = new Map<number, string>();
  const { sectionOf } = spec;
  if (!sectionOf) return starts;
  rows.forEach((row, i) => {
    const before = rows[i - 1];
    if (before === undefined || sectionOf(before) !== sectionOf(row)) starts.set(i, sectionOf(row));
  });
  return starts;
}

/** The rows as cards, for phones: the same fields in the same order. */
export function RowCards<T>({ list }: { list: List<T> }): ReactNode {
  const { spec, heads: rows, state } = list;
  const openAction = useRowOpening(list);
  const shown = shownColumns(list.placed).filter(({ column }) => column.card !== "none");
  const sections = useMemo(() => sectionStarts(rows, spec), [rows, spec]);
  const titles = shown.filter(({ column }) => column.card === "title");
  const lines = shown.filter(({ column }) => column.card !== "title");
  return (
    <ul className="x-cards">
      {rows.map((row, i) => (
        <Fragment key={spec.rowKey(row)}>
          {sections.has(i) && <li className="x-section">{sections.get(i)}</li>}
          <li
            data-object={spec.rowKey(row)}
            tabIndex={i === 0 ? 0 : -1}
            aria-current={spec.rowKey(row) === state.open ? "true" : undefined}
            className="x-card"
            {...openAction(row)}
          >
            {titles.map(({ column }) => (
              <div key={column.key} className="x-card-title">
                {column.cell(row)}
              </div>
            ))}
            <dl>
              {lines.map(({ column }) => (
                <div key={column.key}>
                  <dt>{column.title}</dt>
                  <dd>{column.cell(row)}</dd>
                </div>
              ))}
            </dl>
          </li>
        </Fragment>
      ))}
    </ul>
  );
}

// The whole row opens the drawer, Ctrl- or ⌘-click opens the page in a tab; links and boxes inside keep their meaning.
function useRowOpening<T>(list: List<T>): (row: T) => object {
  const navigate = useNavigate();
  const { spec } = list;
  const open = (row: T) => {
    const href = spec.href?.(row);
    if (spec.drawer) list.openRow(spec.rowKey(row));
    else if (href) void navigate({ href });
  };
  return (row) => ({
    onClick: (event: MouseEvent<HTMLElement>) => {
      if ((event.target as HTMLElement).closest("a, button, input, label, .ant-checkbox-wrapper")) return;
      if (window.getSelection()?.isCollapsed === false) return; // the person is marking text to copy
      const href = spec.href?.(row);
      if ((event.ctrlKey || event.metaKey) && href) window.open(href, "_blank");
      else open(row);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key !== "Enter" || event.target !== event.currentTarget) return;
      event.preventDefault();
      open(row);
    },
  });
}

/** Rows to come: the real columns, nothing in them yet. */
export function RowSkeleton<T>({ list, count = 8 }: { list: List<T>; count?: number }): ReactNode {
  const shown = shownColumns(list.placed);
  return (
    <div className="x-skeleton" role="status" aria-label="正在加载">
      <table>
        <thead>
          <tr>
            {shown.map(({ column }) => (
              <th key={column.key} style={{ width: column.width }}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody aria-hidden="true">
          {Array.from({ length: count }, (_, i) => (
            <tr key={String(i)}>
              {shown.map(({ column }) => (
                <td key={column.key}>
                  <span className="x-bone" />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A business number: monospace digits, a link to the object's own page, and a way to copy it. */
export function NumberCell({ number, href }: { number: string; href?: string }): ReactNode {
  const navigate = useNavigate();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(number);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span className="x-code x-number-cell">
      {href ? (
        <a
          href={href}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            void navigate({ href });
          }}
        >
          {number}
        </a>
      ) : (
        number
      )}
      <button type="button" className="x-copy x-no-print" aria-label={`复制 ${number}`} onClick={() => void copy()}>
        {copied ? <CheckOutlined /> : <CopyOutlined />}
      </button>
    </span>
  );
}
