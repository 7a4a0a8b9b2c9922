// A tree of offices and units against what they owe: the receipts of a notice, the coverage of a plan.

import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { type KeyboardEvent, type ReactNode, useMemo, useState } from "react";
import { Empty } from "./show";
import "./matrix.css";

/** One row of the tree. */
export interface MatrixRow {
  key: string;
  /** 「松渡县」, 「县供销社」 */
  name: ReactNode;
  /** For 「只看未完成」: something is still owed here or below. */
  open: boolean;
  /** One cell per column; a parent's are usually subtotals, 「32/34」. */
  cells: readonly MatrixCell[];
  children?: readonly MatrixRow[];
  /** What can be done to the row: 催办. */
  action?: ReactNode;
}

/** A cell: when it happened, or how late it is, in words. */
export interface MatrixCell {
  text: ReactNode;
  tone?: "danger" | "warning" | "plain";
}

interface Line {
  row: MatrixRow;
  level: number;
}

/** The matrix as a tree table: collapsible, with 「只看未完成」. */
export function Matrix({
  caption,
  first,
  columns,
  rows,
  initiallyOpen = true,
}: {
  caption: string;
  /** Header of the tree column: 「单位」. */
  first: string;
  columns: readonly { key: string; title: string; align?: "right" }[];
  rows: readonly MatrixRow[];
  initiallyOpen?: boolean;
}): ReactNode {
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => new Set(initiallyOpen ? [] : allKeys(rows)));
  const [onlyOpen, setOnlyOpen] = useState(false);
  const lines = useMemo(() => flatten(rows, closed, onlyOpen), [rows, closed, onlyOpen]);
  const withAction = lines.some(({ row }) => row.action);
  const toggle = (key: string) => {
    const next = new Set(closed);
    if (!next.delete(key)) next.add(key);
    setClosed(next);
  };
  return (
    <div className="x-matrix">
      <div className="x-matrix-bar x-no-print">
        <label>
          <input type="checkbox" checked={onlyOpen} onChange={(event) => setOnlyOpen(event.target.checked)} />{" "}
          只看未完成
        </label>
        <button type="button" className="x-plain-button" onClick={() => setClosed(new Set())}>
          全部展开
        </button>
        <button type="button" className="x-plain-button" onClick={() => setClosed(new Set(allKeys(rows)))}>
          全部收起
        </button>
      </div>
      {lines.length === 0 ? (
        <Empty>{onlyOpen ? "都已完成。" : "还没有发往任何单位。"}</Empty>
      ) : (
        <div className="x-matrix-scroll">
          {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows nest is a treegrid */}
          <table role="treegrid" aria-label={caption}>
            <thead>
              <tr>
                <th scope="col">{first}</th>
                {columns.map((column) => (
                  <th key={column.key} scope="col" className={column.align && "x-matrix-right"}>
                    {column.title}
                  </th>
                ))}
                {withAction && <th scope="col">办理</th>}
              </tr>
            </thead>
            <tbody>
              {lines.map(({ row, level }, i) => (
                <tr
                  key={row.key}
                  tabIndex={i === 0 ? 0 : -1}
                  onKeyDown={(event) => walk(event, row, closed, toggle)}
                  aria-level={level + 1}
                  aria-expanded={row.children?.length ? !closed.has(row.key) : undefined}
                  className={row.children?.length ? "x-matrix-parent" : undefined}
                >
                  <th scope="row" style={{ paddingLeft: 8 + level * 20 }}>
                    {row.children?.length ? (
                      <button type="button" className="x-matrix-toggle" onClick={() => toggle(row.key)}>
                        {closed.has(row.key) ? <RightOutlined aria-label="展开" /> : <DownOutlined aria-label="收起" />}
                      </button>
                    ) : (
                      <span className="x-matrix-toggle" />
                    )}
                    {row.name}
                  </th>
                  {columns.map((column, i) => (
                    <td key={column.key} className={column.align && "x-matrix-right"}>
                      <span className={`x-number x-standing-${row.cells[i]?.tone ?? "plain"}`}>
                        {row.cells[i]?.text ?? "--"}
                      </span>
                    </td>
                  ))}
                  {withAction && <td>{row.action}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

// The keys of a tree: up and down between rows, right opens a branch, left closes it.
function walk(
  event: KeyboardEvent<HTMLTableRowElement>,
  row: MatrixRow,
  closed: ReadonlySet<string>,
  toggle: (key: string) => void,
): void {
  const { currentTarget, target, key } = event;
  if (target !== currentTarget) return;
  const branch = (row.children?.length ?? 0) > 0;
  if (key === "ArrowDown") (currentTarget.nextElementSibling as HTMLElement | null)?.focus();
  else if (key === "ArrowUp") (currentTarget.previousElementSibling as HTMLElement | null)?.focus();
  else if (key === "ArrowRight" && branch && closed.has(row.key)) toggle(row.key);
  else if (key === "ArrowLeft" && branch && !closed.has(row.key)) toggle(row.key);
  else return;
  event.preventDefault();
}

/** The rows on screen: closed branches folded; with `onlyOpen`, what is finished left out, its parents kept. */
export function flatten(
  rows: readonly MatrixRow[],
  closed: ReadonlySet<string>,
  onlyOpen: boolean,
  level = 0,
): readonly Line[] {
  return rows
    .filter((row) => !onlyOpen || row.open)
    .flatMap((row) => [
      { row, level },
      ...(closed.has(row.key) ? [] : flatten(row.children ?? [], closed, onlyOpen, level + 1)),
    ]);
}

function allKeys(rows: readonly MatrixRow[]): string[] {
  return rows.flatMap((row) => (row.children?.length ? [row.key, ...allKeys(row.children)] : []));
}
