import { Button, Drawer } from "antd";
import { type ReactNode, useEffect, useRef } from "react";
import type { List } from "./useList";

// The focus follows what is shown, so that a reader hears which object this is.
function DrawerTitle({ children }: { children: ReactNode }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1} className="x-drawer-title">
      {children}
    </h2>
  );
}

/** The row beside the list, so that the queue stays in sight. */
export function RowDrawer<T>({ list, onClose }: { list: List<T>; onClose: () => void }): ReactNode {
  const { spec, state, heads } = list;
  const key = state.open;
  const row = heads.find((each) => spec.rowKey(each) === key);
  const at = heads.findIndex((each) => spec.rowKey(each) === key);
  const href = row && spec.href?.(row);
  return (
    <Drawer
      className="x-drawer x-no-print"
      open={key !== ""}
      onClose={onClose}
      mask={false}
      keyboard={false}
      autoFocus={false}
      focusable={{ trap: false, focusTriggerAfterClose: false }}
      aria-modal={false}
      size="min(640px, 100vw)"
      closable={{ "aria-label": "关闭侧栏" }}
      title={<DrawerTitle key={key}>{spec.drawerTitle?.(key, row) ?? (row ? spec.rowName(row) : "详情")}</DrawerTitle>}
      extra={
        <>
          <Button title="上一条（[）" disabled={at <= 0 && !list.pages.previous} onClick={() => list.step(-1)}>
            上一条
          </Button>
          <Button
            title="下一条（]）"
            disabled={at < 0 || (at === heads.length - 1 && !list.pages.next)}
            onClick={() => list.step(1)}
          >
            下一条
          </Button>
          {href && <Button href={href}>完整页面</Button>}
        </>
      }
    >
      {key !== "" && spec.drawer?.(key, row)}
    </Drawer>
  );
}
