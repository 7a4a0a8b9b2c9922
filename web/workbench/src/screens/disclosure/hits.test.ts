import { describe, expect, it } from "vitest";
import type { Draft } from "./data";
import { excerpt, placeOf, replaced, textAt } from "./hits";

const draft = {
  lead: "𠮷县联系人13000000000。",
  items: [{ finding: "f-1", seq: 6, result: "已退还。", lead: "办公室" }],
} as unknown as Draft;

describe("a hit in a text", () => {
  it("is counted in characters, also behind characters of two halves", () => {
    const hit = { start: 5, end: 16 };
    expect(excerpt(textAt(draft, "/lead"), hit)).toEqual(["𠮷县联系人", "13000000000", "。"]);
    expect(replaced(draft.lead, hit, "130****0000")).toBe("𠮷县联系人130****0000。");
  });

  it("shows where the text goes on", () => {
    expect(excerpt("abcdefgh", { start: 3, end: 5 }, 2)).toEqual(["…bc", "de", "fg…"]);
  });

  it("is found by its pointer and called by its place", () => {
    expect(textAt(draft, "/items/f-1/result")).toBe("已退还。");
    expect(textAt(draft, "/items/f-2/result")).toBe("");
    expect(placeOf(draft, "/items/f-1/result")).toBe("第 6 条 整改措施与成效");
    expect(placeOf(draft, "/lead")).toBe("导语");
  });
});
