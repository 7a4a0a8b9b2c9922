import type { Vocabulary } from "@/parts";
import type { ActKind, Kind } from "./data";

/** The two reports, edition by edition. */
export const reportStates = {
  owed: { text: "未报送", tone: "warning" },
  drafting: { text: "起草", tone: "neutral" },
  signed: { text: "待分管领导签字", tone: "info" },
  filed: { text: "已报送", tone: "info" },
  reviewing: { text: "联合审核", tone: "info" },
  returned: { text: "退回重报", tone: "warning" },
  approved: { text: "已通过存档", tone: "plain" },
} satisfies Vocabulary;

/** What the two reports are called. */
export const kindNames: Readonly<Record<Kind, string>> = {
  progress: "整改进展情况报告",
  head: "主要负责人组织整改情况报告",
};

/** What a head does about the rectification; the first five are entered by people. */
export const actNames: Readonly<Record<ActKind, string>> = {
  arrange: "亲自部署",
  inquire: "过问",
  coordinate: "协调",
  supervise: "督办",
  instruct: "批示",
  meeting: "召开整改专题民主生活会",
  "signed-plan": "签署整改方案",
  "signed-extension": "签署延期、长期整改申请",
};

export const entered = ["arrange", "inquire", "coordinate", "supervise", "instruct"] as const;
