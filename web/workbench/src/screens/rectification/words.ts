import { type Role, roleNames, standing } from "@/parts";

/** What a reviewing party is called: the office, not the post. */
export const partyNames: Readonly<Record<Role, string>> = {
  ...roleNames,
  OFF: "巡察办",
  DIR: "巡察办主任",
  LG: "领导小组",
  ORG: "组织部",
  DISC: "纪委监委",
};

import type { Action, Item } from "./data";

/** What people call what they do to an item. */
export const actionWords: Readonly<Record<Action, string>> = {
  start: "启动整改",
  edit: "填报进展",
  attach: "上传佐证",
  submit: "提交销号",
  opinion: "提交审核意见",
  return: "退回重报",
  accept: "销号",
  "accept-long": "转入长期整改",
  reopen: "重新整改",
  due: "设期限",
  assign: "指派",
  extend: "申请延期",
  defer: "经批准转长期整改",
  renew: "继续长期",
  resume: "转回整改",
  finish: "长期整改销号",
  retain: "退回后继续长期整改",
};

/** Whether what the unit handed in last came back: also a long-term item, which stays one. */
export function cameBack({
  state,
  submitted_at,
  returned_at,
}: Pick<Item, "state" | "submitted_at" | "returned_at">): boolean {
  return (
    state === "returned" || (state === "long-term" && Date.parse(returned_at ?? "") >= Date.parse(submitted_at ?? ""))
  );
}

/** 「2/3 已审，等待：组织部（剩 1 天）」 */
export function reviewWords(review: Item["review"] | null): string {
  if (!review) return "";
  const missing = review.parties.filter((party) => !review.given.includes(party));
  const done = `${review.given.length}/${review.parties.length} 已审`;
  return missing.length > 0
    ? `${done}，等待：${missing.map((party) => partyNames[party as Role]).join("、")}（${standing(review.due_on)?.text}）`
    : `${done}`;
}

/** The focus an item falls under, in the short words of the taxonomy. */
export function focusWords(focuses: readonly { focus: number; short: string }[] | undefined, focus: number): string {
  return focuses?.find((each) => each.focus === focus)?.short ?? `聚焦${focus}`;
}
