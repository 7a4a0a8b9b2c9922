// @vitest-environment jsdom
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { LeaveQuestion, useLeaveGuard } from "./leave";

afterEach(cleanup);

/** A form page beside another page, as the shell has them. */
async function opened(guard: Parameters<typeof useLeaveGuard>) {
  const root = createRootRoute({
    component: () => (
      <>
        <Outlet />
        <LeaveQuestion />
      </>
    ),
  });
  const page = (path: string, component: () => React.ReactNode) =>
    createRoute({ getParentRoute: () => root, path, component });
  const form = page("/form", () => {
    useLeaveGuard(...guard);
    return <p>正在填写</p>;
  });
  const other = page("/other", () => <p>另一页</p>);
  const router = createRouter({
    routeTree: root.addChildren([form, other]),
    history: createMemoryHistory({ initialEntries: ["/form"] }),
  });
  render(<RouterProvider router={router as never} />);
  await screen.findByText("正在填写", {}, patient);
  return { go: (href: string) => act(() => void router.navigate({ href })), at: () => router.state.location.pathname };
}

const patient = { timeout: 20_000 };

describe("leaving a page on which something was typed", () => {
  it("asks, stays, and goes when told to", async () => {
    const { go, at } = await opened([true]);
    await go("/other");
    fireEvent.click(await screen.findByText("留在本页", {}, patient));
    expect(at()).toBe("/form");
    await go("/other");
    fireEvent.click(await screen.findByText("不保存，离开", {}, patient));
    await screen.findByText("另一页", {}, patient);
  }, 30_000);

  it("does not ask where the form stays, or its text does", async () => {
    const { go, at } = await opened([true]);
    await go("/form?tab=files");
    expect(screen.queryByText("离开本页")).toBeNull();
    cleanup();
    const kept = await opened([false, true]);
    await kept.go("/other");
    await screen.findByText("另一页");
    expect([at(), kept.at()]).toEqual(["/form", "/other"]);
  });
});
