import type { Vocabulary } from "@/parts";

/** 整改成效评估, step by step. */
export const evaluationStates = {
  self: { text: "自评", tone: "info" },
  assessing: { text: "评估组评分", tone: "info" },
  reviewing: { text: "主任审核", tone: "info" },
  approving: { text: "领导小组审定", tone: "info" },
  decided: { text: "待通报", tone: "info" },
  published: { text: "已通报", tone: "plain" },
  superseded: { text: "已重新评估", tone: "neutral" },
} satisfies Vocabulary;

/** 二次整改. */
export const secondStates = {
  ordered: { text: "二次整改中", tone: "warning" },
  reported: { text: "待确认", tone: "info" },
  returned: { text: "退回继续整改", tone: "warning" },
  confirmed: { text: "已确认", tone: "plain" },
  replaced: { text: "已作废", tone: "neutral" },
} satisfies Vocabulary;
