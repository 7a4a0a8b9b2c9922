// What was just done, said quietly at the bottom, with 「撤销」 for ten seconds where it can be undone.

import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { asProblem, sentence } from "@/api/problem";
import "./toast.css";

/** How long an action can be undone. */
export const UNDO_SECONDS = 10;

interface Toast {
  id: number;
  text: string;
  tone: "plain" | "danger";
  undo?: () => unknown;
  /** It can no longer be taken back. */
  settled?: () => unknown;
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/**
 * Says what was done: 「已签发：青巡办发〔2026〕18号」. With `undo`, offers to take it back; `settled` runs when that is no
 * longer offered and was not done.
 */
export function say(text: string, undo?: () => unknown, settled?: () => unknown): void {
  show({ text, tone: "plain", undo, settled });
}

/** Says what failed when there is no place on the page for it. */
export function sayProblem(thrown: unknown): void {
  show({ text: sentence(asProblem(thrown)), tone: "danger" });
}

function show(toast: Omit<Toast, "id">): void {
  lastId++;
  for (const { settled } of toasts.slice(0, -2)) settled?.();
  set([...toasts.slice(-2), { ...toast, id: lastId }]);
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number, undone = false): void {
  const gone = toasts.find((toast) => toast.id === id);
  set(toasts.filter((toast) => toast.id !== id));
  if (!undone) gone?.settled?.();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The place where {@link say} speaks. The shell has one. */
export function Toasts(): ReactNode {
  const shown = useSyncExternalStore(listen, () => toasts);
  return (
    <div className="x-toasts x-no-print" role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastLine({ toast }: { toast: Toast }): ReactNode {
  const [left, setLeft] = useState(UNDO_SECONDS);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000);
    return () => clearInterval(timer);
  }, [held]);
  useEffect(() => {
    if (left <= 0) dismiss(toast.id);
  }, [left, toast.id]);

  const takeBack = async () => {
    dismiss(toast.id, true);
    try {
      await toast.undo?.();
    } catch (thrown) {
      sayProblem(thrown);
    }
  };
  return (
    <div
      role="group"
      className={`x-toast${toast.tone === "danger" ? " x-toast-danger" : ""}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {toast.undo && (
        <button type="button" className="x-plain-button" onClick={() => void takeBack()}>
          撤销<span aria-hidden="true">（{left}）</span>
        </button>
      )}
      <button type="button" className="x-plain-button" aria-label="关闭提示" onClick={() => dismiss(toast.id)}>
        ×
      </button>
    </div>
  );
}
