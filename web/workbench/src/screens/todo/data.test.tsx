// @vitest-environment jsdom

import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { todoQuery, useTodo } from "./data";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("lists what it counts, also after the count was fetched anew", async () => {
  let asked = 0;
  vi.stubGlobal("fetch", async () => {
    asked++;
    const tasks = Array.from({ length: 13 + asked }, (_, i) => ({ id: `${i}` }));
    return Response.json({ total: tasks.length, sections: [{ name: "later", title: "以后", tasks }] });
  });
  const queries = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(
    () => {
      const { todo, queryKey, load } = useTodo("qingyu");
      // As the list asks: it keeps what it has until what is asked changes.
      const list = useQuery({ queryKey: [...queryKey, "list"], queryFn: load, staleTime: 15_000 });
      return { counted: todo?.total, listed: list.data?.length };
    },
    { wrapper },
  );
  await waitFor(() => expect(result.current).toEqual({ counted: 14, listed: 14 }));
  await act(() => queries.refetchQueries({ queryKey: todoQuery("qingyu").queryKey, exact: true }));
  await waitFor(() => expect(result.current).toEqual({ counted: 15, listed: 15 }));
  expect(asked).toBe(2);
});
