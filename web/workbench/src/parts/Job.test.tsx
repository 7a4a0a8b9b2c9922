// @vitest-environment jsdom

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { JobProgress, type JobState } from "./Job";

const queryKey = ["job"];

function job(state: JobState["state"], done: number): JobState {
  return { state, done, total: 16 };
}

function follow(queries: QueryClient, states: JobState[], onEnd: (end: JobState) => void): void {
  render(
    <QueryClientProvider client={queries}>
      <JobProgress
        queryKey={queryKey}
        load={async () => (states.length > 1 ? states.shift() : states[0]) as JobState}
        doing="导入"
        unit="个问题"
        onEnd={onEnd}
      />
    </QueryClientProvider>,
  );
}

describe("work that takes long", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });
  const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

  it("is followed to its end, which is told once", async () => {
    const onEnd = vi.fn();
    follow(new QueryClient(), [job("running", 4), job("done", 16)], onEnd);
    await wait(10);
    expect(screen.getByText("正在导入 4/16 个问题")).toBeTruthy();
    await wait(1100);
    expect(screen.getByText("已导入 16 个问题")).toBeTruthy();
    await wait(5000);
    expect(onEnd.mock.calls).toEqual([[job("done", 16)]]);
  });

  it("is followed again when it failed and is tried once more", async () => {
    const queries = new QueryClient();
    queries.setQueryData(queryKey, job("failed", 7));
    const onEnd = vi.fn();
    follow(queries, [job("running", 8), job("done", 16)], onEnd);
    await wait(10);
    await wait(1100);
    expect(onEnd).toHaveBeenLastCalledWith(job("done", 16));
  });
});
