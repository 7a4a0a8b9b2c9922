// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { useGrid } from "./useGrid";
import type { List } from "./useList";

interface Row {
  id: string;
  version: number;
  text: string;
}

afterEach(cleanup);

/** A list of one line with one cell, as it is read at a time. */
function listOf(row: Row, save: (row: Row) => Promise<unknown>): List<Row> {
  const column = { key: "text", title: "进展", edit: { can: () => true, text: (row: Row) => row.text } };
  return {
    spec: {
      rowKey: (row: Row) => row.id,
      grid: { lineKey: (row: Row) => row.id, lineName: () => "第 1 项", save, refresh: [], fieldOf: () => "text" },
    },
    rows: [row],
    placed: [{ column, shown: true, pinned: false }],
  } as unknown as List<Row>;
}

function opened(save: (row: Row) => Promise<unknown>) {
  const queries = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const first = listOf({ id: "a", version: 1, text: "原来的" }, save);
  return renderHook(({ list }) => useGrid(list), { wrapper, initialProps: { list: first } });
}

const theirs: Row = { id: "a", version: 2, text: "同事写的" };

describe("a cell that others change while it is being edited", () => {
  it("is saved on the version on which its text was begun", async () => {
    const save = vi.fn(async (_: Row) => {});
    const { result, rerender } = opened(save);
    act(() => result.current.select({ line: "a", column: "text" }));
    act(() => result.current.edit("原来的"));
    rerender({ list: listOf(theirs, save) });
    act(() => result.current.edit("我写的"));
    act(() => result.current.commit());
    await waitFor(() => expect(save).toHaveBeenCalledOnce());
    expect(save.mock.calls[0]?.[0].version).toBe(1);
  });

  it("is tried again on that version, too", async () => {
    const save = vi.fn<(row: Row) => Promise<void>>();
    save.mockRejectedValueOnce(new Problem(0, "offline", "网络不通")).mockResolvedValue();
    const { result, rerender } = opened(save);
    act(() => result.current.select({ line: "a", column: "text" }));
    act(() => result.current.edit("我写的"));
    act(() => result.current.commit());
    await waitFor(() => expect([...result.current.typed.values()][0]?.problem).toBeTruthy());
    rerender({ list: listOf(theirs, save) });
    const kept = [...result.current.typed.values()][0];
    if (kept) act(() => result.current.again(kept));
    await waitFor(() => expect(save).toHaveBeenCalledTimes(2));
    expect(save.mock.calls[1]?.[0].version).toBe(1);
  });
});
