import { ArrowDownOutlined, ArrowUpOutlined, HolderOutlined } from "@ant-design/icons";
import { Button, Checkbox, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { moved, type Placed } from "./columns";
import type { List } from "./useList";

/** Which columns show, in what order, and which stay in sight; by keyboard as well as by dragging. */
export function ColumnSettings<T>({ list, onClose }: { list: List<T>; onClose: () => void }): ReactNode {
  const [placed, setPlaced] = useState<readonly Placed<T>[]>(list.placed);
  const [dragged, setDragged] = useState<number | null>(null);
  const first = list.spec.columns[0]?.key;
  const change = (at: number, what: Partial<Placed<T>>) =>
    setPlaced(placed.map((each, i) => (i === at ? { ...each, ...what } : each)));
  const keep = () => {
    list.place(placed);
    onClose();
  };
  const reset = () => {
    list.go({ ...list.state, cols: [] }, "replace");
    onClose();
  };
  return (
    <Modal
      open
      title="列设置"
      onCancel={onClose}
      footer={[
        <Button key="reset" onClick={reset}>
          恢复默认
        </Button>,
        <Button key="keep" type="primary" onClick={keep}>
          应用列设置
        </Button>,
      ]}
    >
      <ol className="x-columns">
        {placed.map(({ column, shown, pinned }, i) => (
          <li
            key={column.key}
            draggable
            onDragStart={() => setDragged(i)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => {
              event.preventDefault();
              if (dragged === null || dragged === i) return;
              setPlaced(moved(placed, dragged, i));
              setDragged(i);
            }}
          >
            <HolderOutlined aria-hidden="true" />
            <Checkbox
              className="x-columns-name"
              checked={shown}
              disabled={column.key === first}
              onChange={(event) => change(i, { shown: event.target.checked, pinned: pinned && event.target.checked })}
            >
              {column.title}
            </Checkbox>
            <Checkbox
              checked={pinned}
              disabled={!shown}
              aria-label={`固定 ${column.title}`}
              onChange={(event) => change(i, { pinned: event.target.checked })}
            >
              固定
            </Checkbox>
            <Button
              size="small"
              icon={<ArrowUpOutlined />}
              aria-label={`上移 ${column.title}`}
              disabled={i === 0}
              onClick={() => setPlaced(moved(placed, i, i - 1))}
            />
            <Button
              size="small"
              icon={<ArrowDownOutlined />}
              aria-label={`下移 ${column.title}`}
              disabled={i === placed.length - 1}
              onClick={() => setPlaced(moved(placed, i, i + 1))}
            />
          </li>
        ))}
      </ol>
    </Modal>
  );
}
