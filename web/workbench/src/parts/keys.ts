// Keyboard habits of UX 2.3. A single letter never acts while somebody types or composes Chinese, and can be switched
// off altogether (WCAG 2.1.4).

import { useEffect, useRef } from "react";

/** True while an input method is composing: `isComposing` is missing on the first key of some engines, 229 is not. */
export function isComposing(event: { isComposing?: boolean; keyCode?: number }): boolean {
  return event.isComposing === true || event.keyCode === 229;
}

/** True when the key goes into a field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('[contenteditable="true"]') !== null) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit", "reset", "file", "range", "color"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.role === "combobox";
}

/** The name a key has in a map: `j`, `Enter`, `ArrowDown`, `Ctrl+S`. ⌘ counts as Ctrl. */
export function keyName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key = event.key.length === 1 && (event.ctrlKey || event.metaKey) ? event.key.toUpperCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${key}`;
}

/** What a key does. Returning false means "not mine": the browser's own meaning stays. */
export type KeyAction = (event: KeyboardEvent) => unknown;

/** Actions by key name. */
export type KeyMap = Readonly<Record<string, KeyAction>>;

/** Finds what a key press does, if anything. */
export function actionFor(event: KeyboardEvent, map: KeyMap, singleKeys: boolean): KeyAction | undefined {
  if (event.defaultPrevented || isComposing(event)) return undefined;
  const name = keyName(event);
  const action = map[name];
  if (action === undefined) return undefined;
  const modified = name.startsWith("Ctrl+") || name.startsWith("Alt+");
  if (modified) return action;
  if (isTyping(event.target)) return undefined;
  if (name.length === 1 && !singleKeys) return undefined;
  return action;
}

let singleKeys = true;

/** Switches single-letter keys on or off for everybody who listens here. */
export function setSingleKeys(on: boolean): void {
  singleKeys = on;
}

const dialogs = '[aria-modal="true"]';

// What opens over a dialog and takes the first Escape.
const popups = ".ant-select-dropdown, .ant-picker-dropdown, .ant-dropdown";

function shown(element: Element): boolean {
  return element.getClientRects().length > 0;
}

/**
 * In a dialog Ctrl+Enter presses the button that does what the dialog is about, as it submits a form on a page. Escape
 * closes it only until something is typed or chosen in it: then a button does, so that no text goes by a slip.
 */
export function useDialogKeys(): void {
  useEffect(() => {
    const touched = new WeakSet<Element>();
    const touch = (event: Event) => {
      const dialog = (event.target as Element).closest(dialogs);
      if (dialog) touched.add(dialog);
    };
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event)) return;
      const dialog = [...document.querySelectorAll(dialogs)].filter(shown).at(-1);
      const name = keyName(event);
      if (name === "Escape" && dialog && touched.has(dialog) && dialog.querySelector(".ant-modal-footer")) {
        if (![...document.querySelectorAll(popups)].some(shown)) event.stopPropagation(); // antd listens on the window
        return;
      }
      if (name !== "Ctrl+Enter") return;
      const button = dialog?.querySelector<HTMLElement>(".ant-modal-footer .ant-btn-primary:not(:disabled)");
      if (!button) return;
      event.preventDefault();
      button.click();
    };
    document.addEventListener("input", touch);
    document.addEventListener("keydown", listen);
    return () => {
      document.removeEventListener("input", touch);
      document.removeEventListener("keydown", listen);
    };
  }, []);
}

// While a dialog or a menu is open, keys belong to it: Enter presses its button and Escape closes it, not the list below.
function heldByOverlay(): boolean {
  const overlays = document.querySelectorAll('[aria-modal="true"], .ant-dropdown-open, .ant-select-open');
  return [...overlays].some(shown);
}

/** Listens for keys on the whole page while the component is shown. */
export function useKeys(map: KeyMap, on = true): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      const action = actionFor(event, latest.current, singleKeys);
      if (action === undefined || heldByOverlay()) return;
      if (action(event) !== false) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [on]);
}

/** Keys and what they do, for the help page. */
export const keyHelp: readonly (readonly [string, string])[] = [
  ["/", "光标到搜索框"],
  ["j k 或 ↓ ↑", "下一行、上一行"],
  ["Enter", "打开当前行"],
  ["x", "选择当前行"],
  ["[ ]", "上一条、下一条"],
  ["Esc", "关闭侧栏，回到列表"],
  ["Ctrl+S", "保存草稿"],
  ["Ctrl+Enter", "提交"],
  ["?", "打开本帮助"],
];
