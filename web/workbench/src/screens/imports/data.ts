import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type components, everyPage, newKey, sendRaw } from "@/parts";

type Schemas = components["schemas"];

export type Import = Schemas["RectificationImport"];
export type ImportRow = Schemas["RectificationImportRow"];
export type Asked = Schemas["RectificationAsked"];
export type Answering = Schemas["RectificationAnswering"];
export type Mapping = Schemas["RectificationMapping"];
export type Sheet = Schemas["LedgerSheet"];
export type Choice = ImportRow["choice"];

/** The query keys of this room. */
export const importsKey = ["imports"] as const;

/** The media type of a workbook. */
export const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The most bytes a ledger may have. */
export const LEDGER_LIMIT = 20 * 1024 * 1024;

/** Why a row of the file is no part of the ledger. */
export const skipWords: Readonly<Record<string, string>> = {
  signature: "签字栏或填表说明",
  total: "合计行",
  "repeated-header": "重复的表头",
  "repeated-title": "重复的标题",
  "column-numbers": "列号行",
  "no-problem-below": "其下没有问题的分类行",
  "number-only": "只有序号",
  "other-columns": "只有不导入的列",
};

/** What a column of a ledger may be. */
export const columnWords: readonly (readonly [value: string, label: string])[] = [
  ["number", "序号"],
  ["category", "问题类别"],
  ["problem", "反馈问题"],
  ["goal", "整改目标"],
  ["amount", "涉及金额"],
  ["recovered", "追回金额"],
  ["measure", "整改措施"],
  ["leader", "责任领导"],
  ["person", "责任人"],
  ["department", "责任单位"],
  ["helpers", "配合单位"],
  ["due", "整改时限"],
  ["progress", "整改进展"],
  ["status", "完成情况"],
  ["rules", "建章立制"],
  ["elsewhere", "举一反三检查情况"],
  ["remark", "备注"],
];

/** The states of an import. */
export const importStates = {
  read: { text: "待核对", tone: "warning" },
  running: { text: "正在导入", tone: "info" },
  done: { text: "已导入", tone: "plain" },
  failed: { text: "未完成", tone: "danger" },
  discarded: { text: "已放弃", tone: "neutral" },
  "taken-back": { text: "已撤回", tone: "neutral" },
} as const;

/** What the office's ledger has of a problem of the file. */
export const verdictWords = {
  new: { text: "新问题", tone: "info" },
  same: { text: "台账已有，内容相同", tone: "plain" },
  changed: { text: "台账已有，内容有变化", tone: "warning" },
  similar: { text: "编号相同，内容不同", tone: "warning" },
} as const;

/** What may be done with a problem of the file. */
export const choiceWords: Readonly<Record<Choice, string>> = {
  "": "按默认处理",
  add: "新增",
  update: "更新",
  skip: "跳过",
};

/** What became of a problem of the file. */
export const resultWords: Readonly<Record<string, string>> = {
  "": "未处理",
  added: "新增",
  updated: "更新",
  same: "相同",
  skipped: "跳过",
  rejected: "未导入",
  withdrawn: "已撤回",
  kept: "保留",
};

/** The newest imports of the office. */
export function importsQuery(office: string) {
  return queryOptions({
    queryKey: [...importsKey, office],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/imports", { signal, params: { path: { office } } }))).items,
  });
}

/** One import. */
export function importQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...importsKey, office, id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/imports/{id}", { signal, params: { path: { office, id } } })),
  });
}

/** All problems of an import's file, page after page. */
export function importRowsQuery(office: string, id: string, version: number) {
  return queryOptions({
    queryKey: [...importsKey, office, id, "rows", version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      everyPage((cursor) => {
        const params = { path: { office, id }, query: { limit: 100, cursor } };
        return answer(api.GET("/v1/offices/{office}/imports/{id}/rows", { signal, params }));
      }),
  });
}

/** Whose ledger is uploaded, and about which feedback. */
export interface NewImport {
  unit: string;
  round: string;
  feedbackOn: string;
  draft: boolean;
}

/** Uploads a ledger and has it read. */
export async function uploadLedger(office: string, about: NewImport, file: File): Promise<Import> {
  const query = new URLSearchParams({
    unit: about.unit,
    round: about.round,
    feedback_on: about.feedbackOn,
    draft: String(about.draft),
    name: file.name,
  });
  const response = await sendRaw(`/v1/offices/${office}/imports?${query}`, {
    method: "POST",
    headers: { "Content-Type": xlsx, "Idempotency-Key": newKey() },
    body: file,
  });
  return response.json() as Promise<Import>;
}
