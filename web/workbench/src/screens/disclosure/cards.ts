import { answer, api, formatWan, ifMatch } from "@/parts";
import { type Card, type CardKind, firstSentence } from "../cards/registry";
import type { Task } from "../todo/data";

/** Texts for the public: the unit's head stands in for one, the director or the leading group makes it final. */
export const cards: readonly CardKind[] = [
  { kind: "disclosure", verbs: ["确认"], roles: ["HEAD"], load },
  { kind: "disclosure", verbs: ["审批"], roles: ["DIR", "LG"], load },
];

async function load(office: string, { id }: Task, signal: AbortSignal): Promise<Card[]> {
  const draft = await answer(
    api.GET("/v1/offices/{office}/disclosures/{id}", { signal, params: { path: { office, id } } }),
  );
  const confirms = draft.allowed.includes("confirm");
  if (!confirms && !draft.allowed.includes("approve")) return [];
  const call = (key: string) => ({
    params: { path: { office, id } },
    headers: { ...ifMatch(draft.version), "Idempotency-Key": key },
  });
  const body = { digest: draft.digest };
  const { findings, done, long_term, ongoing, withheld } = draft.counts;
  return [
    {
      key: id,
      paper: "公开稿",
      title: draft.title,
      summary: firstSentence(draft.lead),
      facts: [
        ["问题", `${findings} 个：已完成 ${done}，长期整改 ${long_term}，正在推进 ${ongoing}；不公开 ${withheld}`],
        ["追回资金", formatWan(draft.recovered_fen)],
        ["制度", `新建 ${draft.rules_made} 项，修订 ${draft.rules_amended} 项`],
      ],
      agreed: [
        draft.edited_by && `${draft.edited_by} 起草`,
        draft.confirmed_by && `${draft.confirmed_by} 确认`,
        draft.cleared_by && `${draft.cleared_by} 审核`,
      ].filter((who) => who !== ""),
      full: `/w/${office}/disclosures/${id}?step=preview`,
      consequence: confirms ? "确认后送巡察办审核" : "审批后公开文本不能再修改",
      agree: {
        label: "同意",
        done: confirms ? "已确认" : "已审批",
        run: (key) =>
          confirms
            ? answer(api.POST("/v1/offices/{office}/disclosures/{id}/confirm", { ...call(key), body }))
            : answer(api.POST("/v1/offices/{office}/disclosures/{id}/approve", { ...call(key), body })),
      },
      refuse: draft.allowed.includes("return")
        ? {
            label: "退回",
            done: "已退回修改",
            phrases: ["数字请再核对", "表述请通俗简洁", "请核对个人信息"],
            limit: 500,
            run: (reason, key) =>
              answer(api.POST("/v1/offices/{office}/disclosures/{id}/return", { ...call(key), body: { reason } })),
          }
        : undefined,
    },
  ];
}
