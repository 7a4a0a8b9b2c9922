import type { Vocabulary } from "@/parts";
import type { Action, Draft, Grounds, Withheld } from "./data";

/** 公开稿, edition by edition. */
export const textStates = {
  draft: { text: "起草", tone: "neutral" },
  confirming: { text: "待单位确认", tone: "info" },
  clearing: { text: "待巡察办审核", tone: "info" },
  approving: { text: "待审批", tone: "info" },
  approved: { text: "已审批", tone: "info" },
  scheduled: { text: "待发布", tone: "info" },
  published: { text: "已发布", tone: "plain" },
  superseded: { text: "已更正", tone: "plain" },
  withdrawn: { text: "已撤回", tone: "neutral" },
} satisfies Vocabulary;

/** The public's three words. */
export const publicStatuses = {
  done: { text: "已完成", tone: "plain" },
  "long-term": { text: "长期整改", tone: "neutral" },
  ongoing: { text: "正在推进", tone: "info" },
} satisfies Vocabulary;

/** Why a finding is not disclosed. The public learns the number alone. */
export const withheldReasons: Readonly<Record<Exclude<Withheld, "">, string>> = {
  secret: "党和国家秘密",
  case: "在初核或已立案未公布",
  hype: "可能引发负面炒作",
  petition: "可能引发大规模上访或群体性事件",
  sensitive: "重大敏感事项",
};

/** Why personal data stays in the text. */
export const keepGrounds: Readonly<Record<Grounds, string>> = {
  office: "办公用联系方式",
  announced: "已由有关机关公开",
  "not-personal": "不是个人信息",
};

/** What people call what they do to a text. */
export const actionWords: Readonly<Record<Action, string>> = {
  edit: "修改",
  check: "送单位确认",
  confirm: "确认公开稿",
  clear: "审核通过",
  approve: "审批通过",
  return: "退回修改",
  schedule: "定时发布",
  recall: "取消发布",
  publish: "发布",
  supersede: "替换",
  withdraw: "撤回公开页",
  correct: "更正",
};

/** The steps of the task list, in order. */
export const steps = [
  { key: "scope", title: "范围与来源", hint: "导语、概况、组织整改、联系方式" },
  { key: "items", title: "逐条确认", hint: "左侧台账原文，右侧公开文本" },
  { key: "withheld", title: "不公开事项", hint: "五种情形，需领导小组审批" },
  { key: "privacy", title: "个人信息检查", hint: "未处理完不能审批" },
  { key: "preview", title: "预览", hint: "电脑、手机、大字版" },
  { key: "approval", title: "审批", hint: "单位、巡察办、领导逐级办理" },
  { key: "publish", title: "定时发布", hint: "到时自动发布，发布前可取消" },
] as const;

/** One step. */
export type Step = (typeof steps)[number]["key"];

/** How a step stands, in words, and whether it still asks for somebody. */
export function standingOf(step: Step, draft: Draft): { text: string; open: boolean } {
  if ((step === "scope" || step === "items") && draft.state !== "draft") return { text: "已完成", open: false };
  const own = (prefix: string) => draft.problems.filter(({ pointer }) => pointer.startsWith(prefix)).length;
  switch (step) {
    case "scope": {
      const open = draft.problems.length - own("/items/");
      return open > 0 ? { text: `还有 ${open} 项`, open: true } : { text: "已完成", open: false };
    }
    case "items": {
      const open = new Set(draft.problems.map(({ pointer }) => pointer.split("/")[2]).filter(Boolean)).size;
      return open > 0 ? { text: `还有 ${open} 条`, open: true } : { text: "已完成", open: false };
    }
    case "withheld":
      return { text: draft.counts.withheld > 0 ? `${draft.counts.withheld} 项` : "无", open: false };
    case "privacy": {
      const open = draft.hits.filter((hit) => !hit.kept).length;
      return open > 0 ? { text: `还有 ${open} 处`, open: true } : { text: "已完成", open: false };
    }
    case "preview":
      return { text: "", open: false };
    case "approval":
      return approvalStanding(draft);
    case "publish":
      return publishStanding(draft);
  }
}

function approvalStanding(draft: Draft): { text: string; open: boolean } {
  if (["confirming", "clearing", "approving"].includes(draft.state))
    return { text: textStates[draft.state].text, open: true };
  return draft.state === "draft" ? { text: "未开始", open: false } : { text: "已完成", open: false };
}

function publishStanding(draft: Draft): { text: string; open: boolean } {
  if (draft.held) return { text: "已停止发布", open: true };
  const words: Partial<Record<Draft["state"], string>> = {
    approved: "待安排",
    scheduled: "待发布",
    published: "已发布",
    superseded: "已更正",
    withdrawn: "已撤回",
  };
  return { text: words[draft.state] ?? "未开始", open: draft.state === "approved" };
}
