// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { type Session, SessionProvider } from "@/app/session";
import type { Report } from "./data";
import { ItemLines } from "./ItemLines";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const item = (finding: string, number: string) => ({
  ...{ finding, number, state: "working", measures: [], why: [], remark: "", text: "问题", evidence: 0 },
  ...{ progress: "", review: "", due_on: null, review_on: null },
});
const report = (version: number, remarks: Report["remarks"]): Report =>
  ({
    ...{ id: "r", version, remarks, allowed: ["edit"], gaps: [] },
    content: { items: [item("f1", "一号"), item("f2", "二号")], sums: {}, acts: [], kind: "progress" },
  }) as unknown as Report;

it("leaves a colleague's remark on another item where it is", async () => {
  const sent: { version: string | null; remarks: unknown }[] = [];
  const theirs = report(2, [{ finding: "f2", text: "同事的说明" }]);
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push({ version: request.headers.get("If-Match"), ...(await request.json()) });
    if (sent.length > 1) return Response.json(report(3, []));
    const body = { status: 412, current: { ...theirs, changed_by: "顾晓岚" } };
    return Response.json(body, { status: 412, headers: { "Content-Type": "application/problem+json" } });
  });
  const session = { office: "o", identity: { grant: "g" } } as unknown as Session;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SessionProvider value={session}>
        <ItemLines report={report(1, [])} />
      </SessionProvider>
    </QueryClientProvider>,
  );
  fireEvent.click(screen.getAllByText("补充说明")[0] as Element);
  fireEvent.change(screen.getByLabelText(/补充一句/), { target: { value: "等待批复" } });
  await act(async () => fireEvent.click(screen.getByText("保存说明")));
  await waitFor(() => screen.getByText("查看差异"), { timeout: 20_000 });
  fireEvent.click(screen.getByText("查看差异"));
  await act(async () => fireEvent.click(screen.getByText("保留我的内容")));
  await waitFor(() => expect(sent).toHaveLength(2), { timeout: 20_000 });
  expect(sent[1]).toEqual({
    version: '"2"',
    remarks: [
      { finding: "f2", text: "同事的说明" },
      { finding: "f1", text: "等待批复" },
    ],
  });
}, 60_000);
