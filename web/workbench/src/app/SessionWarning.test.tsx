// @vitest-environment jsdom

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SessionWarning } from "./SessionWarning";

const now = Date.parse("2026-11-20T10:00:00+08:00");

/** What the service says when it is asked, one after the other and the last for ever: seconds left, or that it fails. */
function service(...answers: (number | "fails")[]): () => number {
  let asked = 0;
  vi.stubGlobal("fetch", async () => {
    const left = answers[Math.min(asked++, answers.length - 1)];
    if (left === "fails" || left === undefined) throw new TypeError("offline");
    const time = (seconds: number) => new Date(now + seconds * 1000).toISOString();
    return Response.json({ now: time(0), rests_at: time(left), ends_at: time(36_000) });
  });
  return () => asked;
}

describe("the warning of the session's end", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  const show = () =>
    render(
      <QueryClientProvider client={new QueryClient()}>
        <SessionWarning />
      </QueryClientProvider>,
    );

  it("leaves the page as it is until there is one", async () => {
    service(600, 170);
    const { container } = show();
    await wait(10);
    expect(container.innerHTML).toBe("");
    await wait(420_000);
    expect(screen.getByRole("alert").textContent).toContain("登录将于");
  });

  it("stands while the service does not answer, which is asked again soon", async () => {
    const asked = service(170, "fails", "fails", 1800);
    show();
    await wait(15_010);
    expect(asked()).toBe(2);
    expect(screen.getByRole("alert").textContent).toContain("登录将于");
    await wait(5_000);
    expect(asked()).toBe(3);
    expect(screen.getByRole("alert").textContent).toContain("登录将于");
    await wait(5_000);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
