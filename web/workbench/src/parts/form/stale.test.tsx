// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { problemOf } from "@/api/problem";
import { WriteProblem } from "./stale";

afterEach(cleanup);

it("reads the page anew before an act goes on top of what others did", async () => {
  const queries = new QueryClient();
  const read = vi.spyOn(queries, "invalidateQueries");
  const onTheirs = vi.fn();
  const current = { version: 7, changed_by: "顾晓岚" };
  const problem = problemOf({ status: 412, headers: new Headers() }, { current });
  render(
    <QueryClientProvider client={queries}>
      <WriteProblem problem={problem} onTheirs={onTheirs} />
    </QueryClientProvider>,
  );
  expect(screen.getByRole("alert").textContent).toContain("顾晓岚已更新此条");
  expect(screen.queryByText("查看差异")).toBeNull();
  expect(screen.queryByText("继续提交")).toBeNull();
  await act(async () => fireEvent.click(screen.getByText("载入最新内容")));
  expect(read).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByText("继续提交"));
  expect(onTheirs.mock.calls).toEqual([[7, current]]);
});
