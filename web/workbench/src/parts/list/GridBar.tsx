import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { asProblem, sentence } from "@/api/problem";
import { blockOf, PasteBlock } from "../form/PasteBlock";
import { WriteProblem } from "../form/stale";
import { Notice } from "../show";
import { blockColumn, cellName } from "./cells";
import type { Grid, Typed } from "./useGrid";
import type { List } from "./useList";

/** What goes with cells that can be changed: their keys, what could not be saved, and the block being pasted. */
export function GridBar<T extends object>({
  list,
  grid,
  area,
}: {
  list: List<T>;
  grid: Grid<T>;
  area: RefObject<HTMLElement | null>;
}): ReactNode {
  const [block, setBlock] = useState<string[][] | null>(null);
  useCellFocus(grid, area);
  usePasting(grid, setBlock);
  const failed = [...grid.typed.values()].filter((each) => each.problem !== null);
  const first = failed[0];
  return (
    <div className="x-no-print">
      {first && <Failed grid={grid} typed={first} others={failed.length - 1} />}
      {grid.cells.columns.length > 0 && grid.selected && (
        <p className="x-hint" role="status">
          Enter 编辑，Esc 取消，Tab 下一格，方向键移动，Ctrl+Z 撤销；可粘贴从 Excel 复制的多行多列
        </p>
      )}
      {block && grid.selected && <Pasting list={list} grid={grid} block={block} onClose={() => setBlock(null)} />}
    </div>
  );
}

// The selected cell has the focus while it is not being edited.
function useCellFocus<T>({ selected, draft }: Grid<T>, area: RefObject<HTMLElement | null>): void {
  const editing = draft !== null;
  useEffect(() => {
    if (selected === null || editing) return;
    const name = cellName(selected);
    const cells = area.current?.querySelectorAll<HTMLElement>("[data-cell]") ?? [];
    const cell = [...cells].find((each) => each.dataset.cell === name);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected, editing, area]);
}

// A block goes to the selected cell and what is right of and below it; one cell's text begins an edit.
function usePasting<T>(grid: Grid<T>, take: (block: string[][]) => void): void {
  const { selected, draft, edit } = grid;
  const on = selected !== null && draft === null;
  useEffect(() => {
    if (!on) return;
    const paste = (event: ClipboardEvent) => {
      if ((event.target as HTMLElement | null)?.closest("input, textarea, [aria-modal=true]")) return;
      const block = blockOf(event);
      if (block !== null) take(block);
      else edit(event.clipboardData?.getData("text/plain").trim() ?? "");
      event.preventDefault();
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [on, take, edit]);
}

function Pasting<T extends object>({
  list,
  grid,
  block,
  onClose,
}: {
  list: List<T>;
  grid: Grid<T>;
  block: string[][];
  onClose: () => void;
}): ReactNode {
  const { cells, selected } = grid;
  // The lines as they stood when the block was pasted: the list may move below while rows are put right.
  const [targets] = useState(() => (selected ? cells.below(selected, block.length) : []));
  const [columns] = useState(() => cells.columns.map(blockColumn));
  const [start] = useState(() => cells.columns.findIndex(({ key }) => key === selected?.column));
  const taken = cells.columns.slice(start, start + (block[0]?.length ?? 0));
  const { grid: of } = list.spec;
  const target = (index: number) => {
    const row = targets[index];
    if (row === undefined || of === undefined) return { problem: "列表中没有对应的行" };
    const fixed = taken.find((column) => !column.edit?.can(row));
    return { name: of.lineName(row), problem: fixed && `「${fixed.title}」此行不能填写` };
  };
  return (
    <PasteBlock
      block={block}
      columns={columns}
      start={start}
      target={target}
      onSave={async (rows) => {
        const lines = rows.map(({ index, values }) => ({ row: targets[index] as T, values }));
        const outcome = await grid.saveLines(lines);
        return new Map(rows.flatMap(({ index }, i) => (outcome[i] ? [[index, sentence(outcome[i])] as const] : [])));
      }}
      onClose={onClose}
    />
  );
}

function Failed<T extends object>({
  grid,
  typed,
  others,
}: {
  grid: Grid<T>;
  typed: Typed<T>;
  others: number;
}): ReactNode {
  const { row, column, text, problem } = typed;
  const of = typed.sheet.grid;
  const name = `${of.lineName(row)} ${column.title}`;
  const field = of.fieldOf(column.key);
  const more = others > 0 ? `另有 ${others} 格未保存。` : "";
  if (problem !== null && typeof problem !== "string" && problem.status === 412) {
    return (
      <>
        <WriteProblem
          problem={problem}
          mine={{ [field]: text }}
          fields={[[field, name]]}
          onTheirs={(version) => grid.again(typed, version)}
        />
        <p className="x-hint">
          {name}。{more}
          <button type="button" className="x-plain-button" onClick={() => grid.forget(typed)}>
            放弃我的内容
          </button>
        </p>
      </>
    );
  }
  return (
    <Notice
      tone="danger"
      role="alert"
      actions={
        <>
          <button type="button" className="x-plain-button" onClick={() => grid.again(typed)}>
            重试
          </button>
          <button type="button" className="x-plain-button" onClick={() => grid.forget(typed)}>
            放弃
          </button>
        </>
      }
    >
      未保存：{name}。{typeof problem === "string" ? `${problem}。` : sentence(asProblem(problem))}
      {more}
    </Notice>
  );
}
