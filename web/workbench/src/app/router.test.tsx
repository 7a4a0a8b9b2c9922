// @vitest-environment jsdom
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
  useParams,
} from "@tanstack/react-router";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { afterEach, expect, it } from "vitest";
import type { Screen } from "@/screens/registry";
import { Guarded } from "./router";
import { type Session, SessionProvider } from "./session";

afterEach(cleanup);

// As the evidence tab: it takes its item once, and keeps what is typed.
function Item(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const [mine] = useState(id);
  const [note, setNote] = useState("");
  return (
    <>
      <p>佐证进入 {mine}</p>
      <input aria-label="说明" value={note} onChange={(event) => setNote(event.target.value)} />
    </>
  );
}

it("begins a screen of one thing anew with another", async () => {
  const session = { office: "o", identity: { grant: "g", role: "UNIT" } } as unknown as Session;
  const root = createRootRoute();
  const item = createRoute({
    getParentRoute: () => root,
    path: "/w/$office/ledger/$id",
    component: () => (
      <SessionProvider value={session}>
        <Guarded screen={{ roles: ["UNIT"] } as unknown as Screen} Component={Item} />
      </SessionProvider>
    ),
  });
  const router = createRouter({
    routeTree: root.addChildren([item]),
    history: createMemoryHistory({ initialEntries: ["/w/o/ledger/a"] }),
  });
  render(<RouterProvider router={router as never} />);
  const note = () => screen.findByLabelText<HTMLInputElement>("说明");
  fireEvent.change(await note(), { target: { value: "只属于甲" } });
  await act(() => router.navigate({ href: "/w/o/ledger/a?tab=evidence" }));
  expect((await note()).value).toBe("只属于甲");
  await act(() => router.navigate({ href: "/w/o/ledger/b" }));
  await screen.findByText("佐证进入 b");
  expect((await note()).value).toBe("");
});
