// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { problemOf } from "@/api/problem";
import { type Session, SessionProvider } from "@/app/session";
import { useWriting } from "./writing";

interface Row {
  version: number;
  progress: string;
  goal: string;
}

interface Form {
  progress: string;
  goal: string;
}

const session = { office: "o", identity: { grant: "g1" } } as unknown as Session;
const row = (version: number, progress: string, goal = "目标"): Row => ({ version, progress, goal });

let send: ReturnType<typeof vi.fn<(change: Partial<Form>, version: number) => Promise<Row>>>;
beforeEach(() => {
  localStorage.clear();
  send = vi.fn();
});
afterEach(cleanup);

function Page({ row }: { row: Row }) {
  const { form, change, save, notices } = useWriting<Row, Form>({
    row,
    formOf: ({ progress, goal }) => ({ progress, goal }),
    draft: "item:1",
    fields: [
      ["progress", "最新进展"],
      ["goal", "整改目标"],
    ],
    send,
    refresh: [],
    done: "已保存",
  });
  return (
    <>
      {notices}
      <textarea
        aria-label="进展"
        value={form.progress}
        onChange={(event) => change({ progress: event.target.value })}
      />
      <button type="button" onClick={save}>
        保存
      </button>
    </>
  );
}

function open(first: Row) {
  const queries = new QueryClient();
  const whole = (row: Row) => (
    <QueryClientProvider client={queries}>
      <SessionProvider value={session}>
        <Page row={row} />
      </SessionProvider>
    </QueryClientProvider>
  );
  const { rerender } = render(whole(first));
  return { read: (row: Row) => rerender(whole(row)) };
}
const field = () => screen.getByLabelText<HTMLTextAreaElement>("进展");
const type = (value: string) => fireEvent.change(field(), { target: { value } });
const save = () => act(async () => fireEvent.click(screen.getByText("保存")));

describe("a form that is written into a row", () => {
  it("sends only what was typed, and nothing when nothing was", async () => {
    send.mockResolvedValue(row(2, "写的"));
    open(row(1, ""));
    await save();
    fireEvent.keyDown(document, { key: "s", ctrlKey: true });
    expect(send).not.toHaveBeenCalled();
    type("写的");
    await save();
    expect(send.mock.calls.map(([change, version]) => [change, version])).toEqual([[{ progress: "写的" }, 1]]);
  });

  it("does not go over a colleague's text that the page has read meanwhile", async () => {
    send.mockRejectedValueOnce(
      problemOf({ status: 412, headers: new Headers() }, { current: { ...row(2, "同事写的"), changed_by: "顾晓岚" } }),
    );
    const { read } = open(row(1, ""));
    type("我写的");
    read(row(2, "同事写的"));
    expect(field().value).toBe("我写的");
    await save();
    expect(send.mock.calls[0]?.[1]).toBe(1);
    fireEvent.click(await screen.findByText("查看差异"));
    expect(screen.getByText("同事写的")).toBeTruthy();
    send.mockResolvedValue(row(3, "我写的", "同事的目标"));
    await act(async () => fireEvent.click(screen.getByText("保留我的内容")));
    expect(send.mock.calls[1]?.slice(0, 2)).toEqual([{ progress: "我写的" }, 2]);
  });

  it("takes a restored draft up on the version on which it was written", async () => {
    open(row(1, ""));
    type("上周写的");
    cleanup();
    send.mockReturnValue(new Promise(() => undefined));
    open(row(4, "同事写的"));
    expect(field().value).toBe("上周写的");
    expect(screen.getByText(/已恢复本机草稿/)).toBeTruthy();
    await save();
    expect(send.mock.calls[0]?.[1]).toBe(1);
  });

  it("keeps what is typed while it saves, on screen and in the browser", async () => {
    let answer = (_: Row) => {};
    send.mockReturnValueOnce(new Promise<Row>((resolve) => (answer = resolve)));
    const { read } = open(row(1, ""));
    type("第一句");
    await save();
    type("第一句第二句");
    read(row(2, "第一句"));
    await act(async () => answer(row(2, "第一句")));
    expect(field().value).toBe("第一句第二句");
    expect(JSON.stringify({ ...localStorage })).toContain("第二句");
    send.mockResolvedValue(row(3, "第一句第二句"));
    await save();
    await waitFor(() => expect(send.mock.calls[1]?.slice(0, 2)).toEqual([{ progress: "第一句第二句" }, 2]));
    await waitFor(() => expect(localStorage.length).toBe(0));
  });
});
