// @vitest-environment jsdom
import { fireEvent, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { actionFor, isComposing, type KeyMap, keyName, setSingleKeys, useDialogKeys, useKeys } from "./keys";

function press(target: EventTarget, init: KeyboardEventInit & { keyCode?: number }): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init });
  if (init.keyCode !== undefined) Object.defineProperty(event, "keyCode", { value: init.keyCode });
  Object.defineProperty(event, "target", { value: target });
  return event;
}

const act = () => {};
const map: KeyMap = { j: act, Enter: act, "Ctrl+S": act, "Ctrl+Enter": act, Escape: act };

describe("input methods", () => {
  it.each([
    [{ isComposing: true, keyCode: 83 }, true],
    [{ isComposing: false, keyCode: 229 }, true],
    [{ isComposing: false, keyCode: 13 }, false],
    [{}, false],
  ])("%j composes: %s", (event, composing) => {
    expect(isComposing(event)).toBe(composing);
  });
});

describe("key map", () => {
  const field = document.createElement("input");
  const box = Object.assign(document.createElement("input"), { type: "checkbox" });
  const area = document.createElement("textarea");
  const row = document.createElement("tr");

  it.each([
    ["a letter on a row", row, { key: "j" }, true, true],
    ["a letter in a field", field, { key: "j" }, true, false],
    ["a letter in a text area", area, { key: "j" }, true, false],
    ["a letter on a checkbox", box, { key: "j" }, true, true],
    ["a letter while single keys are off", row, { key: "j" }, false, false],
    ["Enter while single keys are off", row, { key: "Enter" }, false, true],
    ["Ctrl+S in a field", field, { key: "s", ctrlKey: true }, true, true],
    ["⌘S in a field", field, { key: "s", metaKey: true }, false, true],
    ["Ctrl+Enter in a text area", area, { key: "Enter", ctrlKey: true }, true, true],
    ["Ctrl+Enter while composing", area, { key: "Enter", ctrlKey: true, isComposing: true }, true, false],
    ["Enter that ends a composition", row, { key: "Enter", keyCode: 229 }, true, false],
    ["Ctrl+J, which is the browser's", row, { key: "j", ctrlKey: true }, true, false],
  ])("%s", (_, target, init, singleKeys, acts) => {
    expect(actionFor(press(target as EventTarget, init), map, singleKeys as boolean) !== undefined).toBe(acts);
  });

  it("names keys the same on every keyboard", () => {
    expect(keyName(press(row, { key: "s", metaKey: true }))).toBe("Ctrl+S");
    expect(keyName(press(row, { key: "?", shiftKey: true }))).toBe("?");
    expect(keyName(press(row, { key: "ArrowUp", altKey: true }))).toBe("Alt+ArrowUp");
  });
});

describe("useKeys", () => {
  afterEach(() => setSingleKeys(true));

  function Page({ map }: { map: KeyMap }) {
    useKeys(map);
    return <input aria-label="字段" />;
  }

  it("acts, prevents the browser's meaning, and stops when gone", () => {
    const next = vi.fn();
    const { unmount } = render(<Page map={{ j: next }} />);
    expect(fireEvent.keyDown(document.body, { key: "j" })).toBe(false);
    unmount();
    fireEvent.keyDown(document.body, { key: "j" });
    expect(next).toHaveBeenCalledTimes(1);
  });

  it("leaves the browser's meaning when the action says it is not its own", () => {
    render(<Page map={{ Enter: () => false }} />);
    expect(fireEvent.keyDown(document.body, { key: "Enter" })).toBe(true);
  });

  it("can be turned off", () => {
    const next = vi.fn();
    render(<Page map={{ j: next }} />);
    setSingleKeys(false);
    fireEvent.keyDown(document.body, { key: "j" });
    expect(next).not.toHaveBeenCalled();
  });
});

describe("useDialogKeys", () => {
  function Page({ onSave, off, open = true }: { onSave: () => void; off?: boolean; open?: boolean }) {
    useDialogKeys();
    return (
      <div role="dialog" aria-modal={open}>
        <textarea />
        <div className="ant-modal-footer">
          <button type="button" className="ant-btn-default" />
          <button type="button" className="ant-btn-primary" disabled={off} onClick={onSave} />
        </div>
      </div>
    );
  }
  it.each([
    ["in a dialog", {}, { key: "Enter", ctrlKey: true }, 1],
    ["with ⌘", {}, { key: "Enter", metaKey: true }, 1],
    ["while the button is off", { off: true }, { key: "Enter", ctrlKey: true }, 0],
    ["without a dialog", { open: false }, { key: "Enter", ctrlKey: true }, 0],
    ["while composing", {}, { key: "Enter", ctrlKey: true, isComposing: true }, 0],
    ["without Ctrl", {}, { key: "Enter" }, 0],
  ])("%s", (_, props, key, times) => {
    const rects = vi.spyOn(Element.prototype, "getClientRects").mockReturnValue([{}] as unknown as DOMRectList);
    const onSave = vi.fn();
    const { container, unmount } = render(<Page onSave={onSave} {...props} />);
    fireEvent.keyDown(container.querySelector("textarea") as Element, key);
    expect(onSave).toHaveBeenCalledTimes(times);
    unmount();
    rects.mockRestore();
  });

  it.each([
    ["closes a dialog in which nothing was typed", false, 1],
    ["does not close one in which something was", true, 0],
  ])("Escape %s", (_, types, times) => {
    const rects = vi
      .spyOn(Element.prototype, "getClientRects")
      .mockImplementation(() => [{}] as unknown as DOMRectList);
    const close = vi.fn(); // antd listens on the window
    window.addEventListener("keydown", close);
    const { container, unmount } = render(<Page onSave={vi.fn()} />);
    const text = container.querySelector("textarea") as Element;
    if (types) fireEvent.input(text, { target: { value: "退回的理由" } });
    fireEvent.keyDown(text, { key: "Escape" });
    expect(close).toHaveBeenCalledTimes(times);
    unmount();
    window.removeEventListener("keydown", close);
    rects.mockRestore();
  });
});
