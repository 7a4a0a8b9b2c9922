import { describe, expect, it } from "vitest";
import { answered, begun, changedIn, followed, untouched, type Work } from "./work";

interface Form {
  goal: string;
  progress: string;
}

const read = (version: number, goal: string, progress: string) => ({ version, content: { goal, progress } });
const first = read(1, "目标", "进展");
const typed = (change: Partial<Form>): Work<Form> => ({ form: { ...first.content, ...change }, base: first });

describe("a form at work", () => {
  it("sends what was changed and nothing else", () => {
    expect(changedIn(typed({ progress: "已完成" }))).toEqual({ progress: "已完成" });
    expect(untouched(typed({}))).toBe(true);
  });

  it("shows what others saved while nothing is changed here", () => {
    const next = followed(typed({}), read(2, "新目标", "进展"));
    expect(next).toEqual({ form: { goal: "新目标", progress: "进展" }, base: read(2, "新目标", "进展") });
  });

  it("keeps a change beside what others changed elsewhere in the row", () => {
    const next = followed(typed({ progress: "已完成" }), read(2, "新目标", "进展"));
    expect(next.form).toEqual({ goal: "新目标", progress: "已完成" });
    expect(next.base.version).toBe(2);
    expect(changedIn(next)).toEqual({ progress: "已完成" });
  });

  it("does not put a change on top of what others wrote in its place", () => {
    const mine = typed({ progress: "已完成" });
    expect(followed(mine, read(2, "目标", "同事写的"))).toBe(mine);
  });

  it("does not go back to a version that was read earlier", () => {
    const mine = { form: { goal: "目标", progress: "进展" }, base: read(3, "目标", "进展") };
    expect(followed(mine, first)).toBe(mine);
  });

  it("keeps what was typed after the save began", () => {
    const sent = { goal: "目标", progress: "已完成 " };
    const now = { form: { goal: "目标", progress: "已完成 ，已公示" }, base: first };
    const next = answered(now, sent, read(2, "目标", "已完成"));
    expect(next.form.progress).toBe("已完成 ，已公示");
    expect(next.base.version).toBe(2);
    expect(untouched(next)).toBe(false);
    expect(untouched(answered({ form: sent, base: first }, sent, read(2, "目标", "已完成")))).toBe(true);
  });

  it("takes over the rest of a row that was saved on top of a colleague's", () => {
    const mine = typed({ progress: "已完成" });
    const next = answered(mine, mine.form, read(3, "同事的目标", "已完成"));
    expect(next.form).toEqual({ goal: "同事的目标", progress: "已完成" });
    expect(untouched(next)).toBe(true);
  });
});

describe("a draft kept in this browser", () => {
  it("stands on the version on which it was written", () => {
    const kept = typed({ progress: "已完成" });
    expect(begun(read(5, "目标", "同事写的"), kept).base.version).toBe(1);
    expect(begun(first, kept)).toBe(kept);
  });

  it("gives way to the row where there is none", () => {
    expect(begun(first, null)).toEqual({ form: first.content, base: first });
  });
});
