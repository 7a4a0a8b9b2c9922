// One vocabulary for the whole product (UX 2.4). A finished thing is plain black text; only what still asks for
// somebody's action carries a coloured pill, and the word always says what the colour repeats.

/** The colours a pill may have; `plain` is text without a pill. */
export type Tone = "danger" | "warning" | "success" | "info" | "neutral" | "doubt" | "plain";

/** One word of the vocabulary. */
export interface Word {
  text: string;
  tone: Tone;
}

/** A lifecycle's words by the code the service uses. */
export type Vocabulary = Readonly<Record<string, Word>>;

/** 整改事项. */
export const rectificationStates = {
  open: { text: "未启动", tone: "neutral" },
  working: { text: "整改中", tone: "info" },
  submitted: { text: "待审核", tone: "info" },
  returned: { text: "退回重报", tone: "warning" },
  "long-term": { text: "长期整改", tone: "neutral" },
  closed: { text: "已销号", tone: "plain" },
} satisfies Vocabulary;

/** Flags on an item; several may hold at once. */
export const rectificationFlags = {
  doubt: { text: "？存疑待核", tone: "doubt" },
  "public-opinion": { text: "有群众意见", tone: "warning" },
  reopened: { text: "重新整改", tone: "warning" },
  extending: { text: "延期申请中", tone: "info" },
  common: { text: "共性", tone: "neutral" },
  escalated: { text: "已上报", tone: "neutral" },
  followup: { text: "回头看新发现", tone: "neutral" },
} satisfies Vocabulary;

/** 整改类型. */
export const rectificationKinds = {
  immediate: { text: "立行立改", tone: "plain" },
  near: { text: "近期整改", tone: "plain" },
  long: { text: "长期坚持", tone: "plain" },
} satisfies Vocabulary;

/** What a reviewing party thinks of a handing-in. */
export const verdicts = {
  agree: { text: "同意", tone: "plain" },
  amend: { text: "需补充", tone: "warning" },
  refuse: { text: "不同意", tone: "danger" },
} satisfies Vocabulary;

/** Why a party does not agree. */
export const verdictReasons = {
  vague: { text: "措施不具体", tone: "plain" },
  "no-evidence": { text: "无佐证", tone: "plain" },
  mismatch: { text: "佐证与措施不符", tone: "plain" },
  "nobody-held": { text: "未追责", tone: "plain" },
  "no-rules": { text: "未建制", tone: "plain" },
  shallow: { text: "原因分析不深", tone: "plain" },
  deadline: { text: "时限不合理", tone: "plain" },
  other: { text: "其他", tone: "plain" },
} satisfies Vocabulary;

/** Official documents. */
export const documentStates = {
  draft: { text: "草稿", tone: "neutral" },
  submitted: { text: "送审", tone: "info" },
  awaiting_signature: { text: "待签发", tone: "info" },
  issued: { text: "已签发", tone: "plain" },
  delivered: { text: "已送达", tone: "plain" },
  receipted: { text: "已签收", tone: "plain" },
  returned: { text: "退回修改", tone: "warning" },
  withdrawn: { text: "撤回", tone: "neutral" },
  voided: { text: "作废", tone: "neutral" },
} satisfies Vocabulary;

/** 问题底稿. */
export const paperStates = {
  draft: { text: "草稿", tone: "neutral" },
  deputy_review: { text: "待副组长审核", tone: "info" },
  leader_review: { text: "待组长审签", tone: "info" },
  signed: { text: "已审签", tone: "plain" },
  reported: { text: "已入报告", tone: "plain" },
  returned: { text: "退回补证", tone: "warning" },
  merged: { text: "归并", tone: "neutral" },
  not_adopted: { text: "不采用", tone: "neutral" },
} satisfies Vocabulary;

/** 四十项清单 items. */
export const checklistStates = {
  not_started: { text: "未开始", tone: "neutral" },
  in_progress: { text: "进行中", tone: "info" },
  incomplete: { text: "已看未齐", tone: "warning" },
  done: { text: "已完成", tone: "plain" },
  blocked: { text: "暂不能开始", tone: "neutral" },
  not_applicable: { text: "不适用", tone: "neutral" },
} satisfies Vocabulary;

/** What people call a state; an unknown code shows as it is rather than as nothing. */
export function wordOf(words: Vocabulary, code: string): string {
  return words[code]?.text ?? code;
}

/** A vocabulary as the options of a filter. */
export function optionsOf(words: Vocabulary): { value: string; label: string }[] {
  return Object.entries(words).map(([value, { text }]) => ({ value, label: text }));
}
