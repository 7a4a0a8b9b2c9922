import type { Vocabulary } from "@/parts";

/** 整改方案, edition by edition. */
export const planStates = {
  drafting: { text: "起草", tone: "neutral" },
  countersigning: { text: "待分管领导签字", tone: "info" },
  reviewing: { text: "方案审核", tone: "info" },
  returned: { text: "退回修改", tone: "warning" },
  effective: { text: "已生效", tone: "plain" },
  superseded: { text: "已修订", tone: "neutral" },
} satisfies Vocabulary;
