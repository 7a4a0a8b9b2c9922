// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Field } from "./Field";
import type { Entry, Step, Visit } from "./store";
import type { FieldState } from "./useField";

const shown = vi.hoisted(() => ({ state: {} as FieldState }));
const written: Step[] = [];
const discarded: Entry[] = [];
vi.mock("./useField", () => ({
  office: "q",
  useField: () => ({
    state: shown.state,
    refresh: async () => {},
    discardOthers: async (others: Entry[]) => void discarded.push(...others),
    write: async (_: unknown, step: Step) => void written.push(step),
  }),
}));

const entry = {
  visit: "gone",
  office: "q",
  number: "QY-7",
  base: 3,
  form: { verdict: "real", seen: "公示栏已更新", place: "村口", content: 3, fair: 0, discontent: 0 },
  shots: [],
  state: "ready",
  key: "k",
} as unknown as Entry;

beforeEach(() => {
  written.length = 0;
  window.scrollTo = () => {};
  window.history.replaceState(null, "", "/field/q");
});
afterEach(cleanup);

const show = (entries: Entry[], others: Entry[] = []) => {
  shown.state = { owner: null, visits: [], entries, others, online: true, expired: false, loaded: true };
  render(<Field />);
};

test("what was written on a visit that is gone can be read, and given up after a second press", async () => {
  show([{ ...entry, problem: "需由本次检查的两名检查人办理。" }]);
  fireEvent.click(screen.getByRole("button", { name: /QY-7/ }));
  expect(screen.getByLabelText("本机内容").textContent).toContain("公示栏已更新");
  expect(screen.getByRole("alert").textContent).toContain("需由本次检查的两名检查人办理。");
  fireEvent.click(screen.getByRole("button", { name: "放弃并从本机删除" }));
  expect(written).toHaveLength(0);
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "确定删除" })));
  expect(written[0]?.(entry)).toBeUndefined();
});

test("what lost a race to a visit that is agreed on by now can be compared", () => {
  const theirs = { changed_by: "彭程", reported_by: "彭程", verdict: "partial", seen: "台账缺两页", allowed: [] };
  show([{ ...entry, theirs: theirs as unknown as Visit }]);
  fireEvent.click(screen.getByRole("button", { name: /QY-7/ }));
  expect(screen.getByLabelText("已提交内容").textContent).toContain("台账缺两页");
  expect(screen.queryByRole("button", { name: /保留本机内容/ })).toBeNull();
});

test("what another person wrote is named, not shown, and deleted only after a second press", async () => {
  show([], [{ ...entry, writer: "何静" }]);
  expect(screen.getByLabelText("他人未上传的内容").textContent).toContain("何静 填写的 1 条检查结果没有上传");
  expect(document.body.textContent).not.toContain("公示栏已更新");
  fireEvent.click(screen.getByRole("button", { name: "删除他人未上传的内容" }));
  expect(discarded).toHaveLength(0);
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "确定删除" })));
  expect(discarded).toHaveLength(1);
});
