import { Input, Modal } from "antd";
import { type ClipboardEvent, type ReactNode, useState } from "react";
import { type BlockCell, type BlockColumn, type BlockRow, checkCell, mapBlock, parseBlock } from "./block";
import { untilComplete } from "./check";
import "./form.css";

/** The block on the clipboard when it is one (more than one cell); null lets the browser paste as usual. */
export function blockOf(event: ClipboardEvent | globalThis.ClipboardEvent): string[][] | null {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const block = parseBlock(text);
  return block.length > 1 || (block[0]?.length ?? 0) > 1 ? block : null;
}

/**
 * A pasted block before it is taken over: what goes where, what is wrong. Right rows are saved, a wrong one stays here
 * to be corrected.
 */
export function PasteBlock({
  block,
  columns,
  start = 0,
  target,
  onSave,
  onClose,
}: {
  block: string[][];
  columns: readonly BlockColumn[];
  /** The column the first pasted column goes to. */
  start?: number;
  /** What the row goes into, and what is wrong with that; a row goes into a new line when absent. */
  target?: (index: number) => { name?: string; problem?: string };
  /** Saves right rows, values by column key. The answer says of rows that were not saved why; they stay. */
  onSave: (
    rows: { index: number; values: Record<string, string> }[],
    // biome-ignore lint/suspicious/noConfusingVoidType: all rows were saved
  ) => Promise<ReadonlyMap<number, string> | void>;
  onClose: () => void;
}): ReactNode {
  const [rows, setRows] = useState<readonly BlockRow[]>(() => mapBlock(block, columns, start));
  const [saving, setSaving] = useState(false);
  const [refused, setRefused] = useState<ReadonlyMap<number, string>>(new Map());
  const shown = columns.slice(start, start + (block[0]?.length ?? 0));
  const beyond = (block[0]?.length ?? 0) - shown.length;
  const fits = (row: BlockRow) => row.right && target?.(row.index).problem === undefined;
  const right = rows.filter(fits);
  const wrong = rows.length - right.length;

  const change = (index: number, cell: BlockCell) =>
    setRows((now) => now.map((row) => (row.index === index ? withCell(row, cell) : row)));
  const save = async () => {
    setSaving(true);
    try {
      const values = (row: BlockRow) => Object.fromEntries(row.cells.map((cell) => [cell.key, cell.value]));
      const failed = (await onSave(right.map((row) => ({ index: row.index, values: values(row) })))) ?? new Map();
      const stays = (row: BlockRow) => failed.has(row.index) || !right.some(({ index }) => index === row.index);
      setRefused(failed);
      setRows((now) => now.filter(stays)); // as they are by now: a wrong row may be put right while the others are saved
      if (!rows.some(stays)) onClose();
    } finally {
      setSaving(false);
    }
  };
  return (
    <Modal
      open
      width={960}
      title="粘贴预览"
      okText={`保存 ${right.length} 行`}
      cancelText="暂不保存"
      {...untilComplete([right.length === 0 && "可以保存的行"])}
      confirmLoading={saving}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <p role="status">
        识别到 {rows.length} 行 {shown.length} 列
        {wrong > 0 && <span className="x-standing-danger">，其中 {wrong} 行需要修改，改好后一并保存</span>}
        {beyond > 0 && `。右侧 ${beyond} 列没有对应的列，未取用`}
      </p>
      <div className="x-block-scroll">
        <table className="x-block-table">
          <thead>
            <tr>
              <th scope="col">行</th>
              {shown.map((column) => (
                <th key={column.key} scope="col">
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.index}>
                <th scope="row">
                  {target?.(row.index).name ?? row.index + 1}
                  {[target?.(row.index).problem, refused.get(row.index)].map(
                    (problem) =>
                      problem && (
                        <small key={problem} className="x-block-refused">
                          {problem}
                        </small>
                      ),
                  )}
                </th>
                {row.cells.map((cell) => (
                  <PastedCell
                    key={cell.key}
                    row={row.index + 1}
                    cell={cell}
                    column={shown.find((column) => column.key === cell.key) as BlockColumn}
                    onChange={(next) => change(row.index, next)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}

function withCell(row: BlockRow, cell: BlockCell): BlockRow {
  const cells = row.cells.map((each) => (each.key === cell.key ? cell : each));
  return { ...row, cells, right: cells.every((each) => each.problem === undefined) };
}

// A cell that was wrong stays a field after it has been put right, so that the focus is not lost while typing.
function PastedCell({
  row,
  cell,
  column,
  onChange,
}: {
  row: number;
  cell: BlockCell;
  column: BlockColumn;
  onChange: (cell: BlockCell) => void;
}): ReactNode {
  const [editing] = useState(cell.problem !== undefined);
  if (!editing) return <td className="x-lines">{cell.value}</td>;
  return (
    <td className={cell.problem ? "x-block-wrong" : undefined}>
      <Input.TextArea
        autoSize
        aria-label={`第 ${row} 行 ${column.title}`}
        aria-invalid={cell.problem !== undefined}
        value={cell.raw}
        onChange={(event) => onChange({ ...checkCell(column, event.target.value), raw: event.target.value })}
      />
      {cell.problem && <small>{cell.problem}</small>}
    </td>
  );
}
