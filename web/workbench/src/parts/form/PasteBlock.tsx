import { Input, Modal } from "antd";
import { type ClipboardEvent, type ReactNode, useState } from "react";
import { type BlockCell, type BlockColumn, type BlockRow, checkCell, mapBlock, parseBlock } from "./block";
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
  onSave,
  onClose,
}: {
  block: string[][];
  columns: readonly BlockColumn[];
  /** The column the first pasted column goes to. */
  start?: number;
  /** Saves right rows; each is a record by column key. */
  onSave: (rows: Record<string, string>[]) => Promise<unknown>;
  onClose: () => void;
}): ReactNode {
  const [rows, setRows] = useState<readonly BlockRow[]>(() => mapBlock(block, columns, start));
  const [saving, setSaving] = useState(false);
  const shown = columns.slice(start, start + (block[0]?.length ?? 0));
  const right = rows.filter((row) => row.right);
  const wrong = rows.length - right.length;

  const change = (index: number, cell: BlockCell) =>
    setRows(rows.map((row) => (row.index === index ? withCell(row, cell) : row)));
  const save = async () => {
    setSaving(true);
    try {
      await onSave(right.map((row) => Object.fromEntries(row.cells.map((cell) => [cell.key, cell.value]))));
      const left = rows.filter((row) => !row.right);
      setRows(left);
      if (left.length === 0) onClose();
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
      okButtonProps={{ disabled: right.length === 0 }}
      confirmLoading={saving}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <p role="status">
        识别到 {rows.length} 行 {shown.length} 列
        {wrong > 0 && <span className="x-standing-danger">，其中 {wrong} 行需要修改，改好后一并保存</span>}
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
                <th scope="row">{row.index + 1}</th>
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
