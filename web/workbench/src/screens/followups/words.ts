import type { Vocabulary } from "@/parts";

/** 回头看, step by step. */
export const followUpStates = {
  draft: { text: "草拟", tone: "neutral" },
  notified: { text: "已通知", tone: "info" },
  ongoing: { text: "进行中", tone: "info" },
  reported: { text: "已报告", tone: "plain" },
  cancelled: { text: "已取消", tone: "neutral" },
} satisfies Vocabulary;

/** How far the looking at one problem is. */
export const lookStates = {
  open: { text: "待核查", tone: "neutral" },
  seen: { text: "待核对", tone: "info" },
  agreed: { text: "已核实", tone: "plain" },
} satisfies Vocabulary;

/** What a follow-up says of a problem. */
export const lookVerdicts = {
  confirmed: { text: "确认到位", tone: "plain" },
  insufficient: { text: "未到位", tone: "warning" },
  rebounded: { text: "反弹", tone: "danger" },
  false: { text: "虚假整改", tone: "danger" },
} satisfies Vocabulary;
