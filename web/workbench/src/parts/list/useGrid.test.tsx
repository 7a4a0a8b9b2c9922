// @vitest-environment jsdom

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it } from "vitest";
import { placeColumns } from "./columns";
import type { ListSpec } from "./spec";
import { useGrid } from "./useGrid";
import type { List } from "./useList";

interface Line {
  id: string;
  text: string;
}

/** A tab with two lines; `saved` notes what it is asked to save, and `answer` when. */
function tab(name: string, saved: string[], answer: () => Promise<void>, editable = true): List<Line> {
  const spec: ListSpec<Line> = {
    screen: "test",
    caption: name,
    queryKey: [name],
    load: async () => ({ items: [] }),
    rowKey: ({ id }) => id,
    rowName: ({ id }) => id,
    columns: [
      { key: "text", title: "内容", width: 1, cell: () => null, edit: { can: () => true, text: (row) => row.text } },
    ],
    empty: "",
    grid: editable
      ? {
          lineKey: ({ id }) => id,
          lineName: ({ id }) => id,
          save: async (row, values) => {
            await answer();
            saved.push(`${name} ${row.id} ${values.text}`);
          },
          refresh: [],
          fieldOf: (column) => column,
        }
      : undefined,
  };
  const rows = [1, 2].map((n) => ({ id: `${name}${n}`, text: "旧" }));
  return { spec, rows, placed: placeColumns(spec.columns, undefined, []) } as unknown as List<Line>;
}

afterEach(cleanup);

function show(first: List<Line>) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
  );
  const shown = renderHook((list: List<Line>) => useGrid(list), { initialProps: first, wrapper });
  const type = (line: string, text: string) => {
    act(() => shown.result.current.select({ line, column: "text" }));
    act(() => shown.result.current.edit(text));
    act(() => shown.result.current.commit());
  };
  return { ...shown, type };
}

/** Answers that are held back until they are let go. */
function holding() {
  let go = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  return { answer: () => held, go };
}

it("saves what waits where it was typed, whichever tab is open by then", async () => {
  const saved: string[] = [];
  const { answer, go } = holding();
  const { result, rerender, type } = show(tab("a", saved, answer));
  type("a1", "一");
  type("a2", "二");
  rerender(tab("b", saved, answer));
  await act(async () => go());
  expect(saved).toEqual(["a a1 一", "a a2 二"]);
  expect(result.current.typed.size).toBe(0);
  await act(async () => void result.current.undo());
  expect(saved.at(-1)).toBe("a a2 旧");
});

it("keeps its word on a tab whose cells cannot be changed", async () => {
  const saved: string[] = [];
  const { answer, go } = holding();
  const { rerender, type } = show(tab("a", saved, answer));
  type("a1", "一");
  rerender(tab("duties", saved, answer, false));
  await act(async () => go());
  expect(saved).toEqual(["a a1 一"]);
});

it("saves again where it was typed what could not be saved at first", async () => {
  const saved: string[] = [];
  let lost = true;
  const { result, rerender, type } = show(
    tab("a", saved, async () => {
      if (lost) throw new TypeError("offline");
    }),
  );
  type("a1", "一");
  await act(async () => {});
  rerender(tab("b", saved, async () => {}));
  const [typed] = [...result.current.typed.values()];
  expect(typed?.problem).not.toBeNull();
  lost = false;
  await act(async () => typed && result.current.again(typed));
  expect(saved).toEqual(["a a1 一"]);
});
