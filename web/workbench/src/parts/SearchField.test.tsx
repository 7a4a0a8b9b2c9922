// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SearchField } from "./SearchField";

describe("the search box", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });

  function box(value = ""): [HTMLInputElement, ReturnType<typeof vi.fn>] {
    const onSearch = vi.fn();
    render(<SearchField value={value} onSearch={onSearch} />);
    return [screen.getByRole("searchbox") as HTMLInputElement, onSearch];
  }
  const wait = () => act(() => vi.advanceTimersByTime(1000));
  const type = (field: HTMLInputElement, value: string) => fireEvent.change(field, { target: { value } });

  it("asks once for the composed word, never for its pinyin", () => {
    const [field, onSearch] = box();
    fireEvent.compositionStart(field);
    for (const pinyin of ["s", "sh", "shu", "shui"]) {
      type(field, pinyin);
      wait();
    }
    expect(onSearch).not.toHaveBeenCalled();
    type(field, "水务局");
    fireEvent.compositionEnd(field);
    wait();
    expect(onSearch.mock.calls).toEqual([["水务局"]]);
  });

  it("does not take the Enter that chooses a candidate for a search", () => {
    const [field, onSearch] = box();
    type(field, "shui");
    fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
    expect(onSearch).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: "Enter", keyCode: 13 });
    expect(onSearch).toHaveBeenCalledTimes(1);
  });

  it("waits for a pause in typing and asks nothing twice", () => {
    const [field, onSearch] = box();
    type(field, "Q");
    type(field, "QY");
    wait();
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onSearch.mock.calls).toEqual([["QY"]]);
  });

  it("leaves on Escape", () => {
    const [field] = box();
    field.focus();
    fireEvent.keyDown(field, { key: "Escape" });
    expect(document.activeElement).not.toBe(field);
  });
});
