import type { Vocabulary } from "@/parts";

/** A notice, as its issuer sees it. */
export const noticeStates = {
  draft: { text: "草稿", tone: "neutral" },
  approval: { text: "待签发", tone: "info" },
  issued: { text: "已下发", tone: "info" },
  closed: { text: "已闭环", tone: "plain" },
  withdrawn: { text: "已撤回", tone: "neutral" },
} satisfies Vocabulary;

/** One recipient's part of a notice. */
export const deliveryStates = {
  delivered: { text: "待签收", tone: "info" },
  received: { text: "已签收", tone: "info" },
  checking: { text: "自查中", tone: "info" },
  reported: { text: "已报送", tone: "info" },
  accepted: { text: "已采认", tone: "plain" },
  returned: { text: "退回补查", tone: "warning" },
  withdrawn: { text: "已撤回", tone: "neutral" },
} satisfies Vocabulary;

/** Why a report goes back. */
export const returnCodes = {
  incomplete: { text: "未答全必答问题", tone: "plain" },
  inconsistent: { text: "数据前后不一致", tone: "plain" },
  "no-evidence": { text: "缺少佐证", tone: "plain" },
  shallow: { text: "自查走过场", tone: "plain" },
  other: { text: "其他", tone: "plain" },
} satisfies Vocabulary;

/** A matter that was raised. */
export const matterStates = {
  draft: { text: "草稿", tone: "neutral" },
  approval: { text: "本级审批", tone: "info" },
  submitted: { text: "已上报", tone: "info" },
  accepted: { text: "已受理", tone: "info" },
  working: { text: "办理中", tone: "info" },
  raised: { text: "已提请上级", tone: "info" },
  taken: { text: "上级已受理", tone: "info" },
  returned: { text: "已退回", tone: "warning" },
  refused: { text: "不予受理", tone: "warning" },
  answered: { text: "已答复", tone: "info" },
  disputed: { text: "有异议", tone: "warning" },
  confirmed: { text: "落实中", tone: "info" },
  closed: { text: "已办结", tone: "plain" },
  withdrawn: { text: "已撤回", tone: "neutral" },
} satisfies Vocabulary;

/** Why a matter is returned. */
export const matterReturns = {
  incomplete: { text: "材料不全", tone: "plain" },
  "own-level": { text: "本级可办", tone: "plain" },
} satisfies Vocabulary;

/** In which way a matter is taken up. */
export const courses = {
  assign: { text: "采纳交办", tone: "plain" },
  joint: { text: "采纳联动", tone: "plain" },
  department: { text: "转有关部门", tone: "plain" },
} satisfies Vocabulary;

/** What kind of answer was given. */
export const outcomes = {
  policy: { text: "明确政策口径", tone: "plain" },
  funding: { text: "落实资金", tone: "plain" },
  coordination: { text: "统筹协调", tone: "plain" },
  decision: { text: "作出决定", tone: "plain" },
  declined: { text: "不予支持", tone: "plain" },
} satisfies Vocabulary;

/** What the acts on a matter are called on their buttons. */
export const matterActs = {
  edit: "修改事项",
  submit: "送本级审批",
  "send-back": "退回修改",
  approve: "批准上报",
  withdraw: "撤回事项",
  accept: "受理",
  return: "退回",
  refuse: "不予受理",
  merge: "并案",
  split: "撤出并案",
  decide: "研究决定",
  note: "记录研究情况",
  raise: "提请上级",
  answer: "答复",
  confirm: "确认答复",
  dispute: "提出异议",
  "stop-clock": "批准停止计时",
  finish: "办结",
} as const;

/** What the levels of the tree are called in sums. */
export const levelWords: Readonly<Record<string, string>> = {
  province: "省",
  city: "市",
  county: "县区",
  unit: "单位",
};

/** What a word of a notice names, that tells whose findings it rests on. */
export const nameKinds = {
  unit: "单位",
  office: "机构",
  person: "人员",
  place: "地方",
  number: "问题编号",
} as const;

/** What the own units are. */
export const unitKinds = {
  department: "部门",
  township: "乡镇街道",
  enterprise: "国有企业",
  institution: "事业单位",
  village: "村社区",
} as const;
