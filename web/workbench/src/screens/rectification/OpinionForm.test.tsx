// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { type Session, SessionProvider } from "@/app/session";
import type { ItemPage } from "./data";
import { OpinionForm } from "./OpinionForm";

beforeEach(() => localStorage.clear());

const session = { office: "o", identity: { grant: "g" } } as unknown as Session;

/** The field for the words of an opinion on what was handed in for an item. */
function note(id: string, submission = 1): HTMLTextAreaElement {
  cleanup();
  const item = { id, submission, number: "一号" } as ItemPage;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SessionProvider value={session}>
        <OpinionForm item={item} />
      </SessionProvider>
    </QueryClientProvider>,
  );
  return screen.getByLabelText("说明");
}

it("keeps an opinion that was begun while another item is looked at", () => {
  fireEvent.change(note("a"), { target: { value: "缺少公示照片" } });
  expect(note("b").value).toBe("");
  expect(note("a").value).toBe("缺少公示照片");
  expect(note("a", 2).value).toBe("");
}, 30_000);
