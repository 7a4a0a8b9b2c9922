import type { Vocabulary } from "@/parts";

/** Where a visit stands. */
export const visitStates = {
  planned: { text: "待检查", tone: "info" },
  reported: { text: "待核对", tone: "info" },
  agreed: { text: "待确认", tone: "warning" },
  confirmed: { text: "已确认", tone: "plain" },
  cancelled: { text: "已取消", tone: "neutral" },
} satisfies Vocabulary;

/** 结论. */
export const checkVerdicts = {
  real: { text: "真改", tone: "success" },
  partial: { text: "部分", tone: "warning" },
  unchanged: { text: "未改", tone: "danger" },
  doubtful: { text: "存疑", tone: "doubt" },
} satisfies Vocabulary;

/** What follows from a visit. */
export const checkOutcomes = {
  none: { text: "无需处理", tone: "plain" },
  letter: { text: "督办单", tone: "warning" },
  reopen: { text: "重新整改", tone: "warning" },
  again: { text: "二人复核", tone: "doubt" },
} satisfies Vocabulary;

/** Which outcomes each verdict may have; the service holds the rule. */
export const follows: Readonly<Record<keyof typeof checkVerdicts, readonly (keyof typeof checkOutcomes)[]>> = {
  real: ["none"],
  partial: ["none", "letter", "reopen"],
  unchanged: ["reopen", "letter", "none"],
  doubtful: ["again"],
};

/** Why an item was drawn. */
export const drawReasons = {
  doubt: { text: "存疑", tone: "doubt" },
  overdue: { text: "逾期", tone: "danger" },
  random: { text: "随机", tone: "neutral" },
} satisfies Vocabulary;

/** 「第一轮」 */
export function roundWord(n: number): string {
  return ["", "第一轮", "第二轮", "第三轮"][n] ?? "";
}
