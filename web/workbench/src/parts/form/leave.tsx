// What was typed and is not saved is asked about before it goes. Every form says so for itself; one question stands for
// all of them, because a person leaves a page once.

import { useBlocker } from "@tanstack/react-router";
import { Modal } from "antd";
import { type ReactNode, useEffect } from "react";

const losing = new Set<symbol>();

/**
 * Asks before something would really be lost: with another page, and when the window closes. Something that is kept in
 * this browser, or saves itself, may be lost with the window only (`unsent`).
 */
export function useLeaveGuard(lost: boolean, unsent = lost): void {
  useEffect(() => {
    if (!lost) return;
    const mark = Symbol();
    losing.add(mark);
    return () => void losing.delete(mark);
  }, [lost]);
  useEffect(() => {
    if (!unsent) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [unsent]);
}

/** The question itself. It stands once, around every screen. */
export function LeaveQuestion(): ReactNode {
  const { status, proceed, reset } = useBlocker({
    // Filters, tabs and an opened row are in the address too; the forms stay where they are.
    shouldBlockFn: ({ current, next }) => losing.size > 0 && current.pathname !== next.pathname,
    enableBeforeUnload: false,
    withResolver: true,
  });
  return (
    <Modal
      open={status === "blocked"}
      title="离开本页"
      okText="不保存，离开"
      cancelText="留在本页"
      onOk={proceed}
      onCancel={reset}
    >
      本页有未保存的内容，离开后不再保留。
    </Modal>
  );
}
