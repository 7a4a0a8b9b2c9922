import type { Draft, Hit } from "./data";

// Where a hit stands is counted in characters, not in the halves of which JavaScript's strings are made.

/** The text a pointer names: `/lead`, `/items/{finding}/result`. */
export function textAt(draft: Draft, pointer: string): string {
  const [, first = "", finding, field = ""] = pointer.split("/");
  const holder = first === "items" ? draft.items.find((item) => item.finding === finding) : draft;
  const text = (holder as unknown as Record<string, unknown> | undefined)?.[first === "items" ? field : first];
  return typeof text === "string" ? text : "";
}

/** A hit with some of the words around it. */
export function excerpt(
  text: string,
  { start, end }: Pick<Hit, "start" | "end">,
  around = 24,
): [string, string, string] {
  const all = Array.from(text);
  const from = Math.max(0, start - around);
  const to = Math.min(all.length, end + around);
  return [
    (from > 0 ? "…" : "") + all.slice(from, start).join(""),
    all.slice(start, end).join(""),
    all.slice(end, to).join("") + (to < all.length ? "…" : ""),
  ];
}

/** The text with something else in the place of a hit. */
export function replaced(text: string, { start, end }: Pick<Hit, "start" | "end">, by: string): string {
  const all = Array.from(text);
  return [...all.slice(0, start), by, ...all.slice(end)].join("");
}

/** What a pointer is called: 「第 6 条 整改措施与成效」. */
export function placeOf(draft: Draft, pointer: string): string {
  const [, first = "", finding, field = ""] = pointer.split("/");
  if (first !== "items") return fieldNames[first] ?? first;
  const item = draft.items.find((each) => each.finding === finding);
  return `第 ${item?.seq ?? "?"} 条 ${fieldNames[field] ?? field}`;
}

const fieldNames: Readonly<Record<string, string>> = {
  title: "标题",
  lead: "导语",
  organisation: "履行主体责任情况",
  head_duty: "第一责任人责任情况",
  transfers: "移交事项办理情况",
  next_steps: "下一步安排",
  phone: "联系电话",
  hours: "接听时间",
  address: "邮政信箱",
  note: "更正说明",
  problem: "反馈问题",
  result: "整改措施与成效",
  rules: "建立或修订的制度",
  reason: "长期整改的原因",
  goal: "阶段目标",
};
