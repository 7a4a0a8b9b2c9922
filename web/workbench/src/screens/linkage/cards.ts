import { answer, api, formatDeadline, ifMatch } from "@/parts";
import { type Card, type CardKind, firstSentence } from "../cards/registry";
import type { Task } from "../todo/data";

/** Notices that wait for a signature, and matters that wait to be sent up. */
export const cards: readonly CardKind[] = [
  { kind: "notice", verbs: ["签发"], load: notice },
  { kind: "escalation", verbs: ["审批"], load: matter },
];

const phrases = ["请补充依据后再报", "请压缩篇幅、突出重点", "请与有关部门会商后再报"] as const;

async function notice(office: string, { id }: Task, signal: AbortSignal): Promise<Card[]> {
  const view = await answer(api.GET("/v1/offices/{office}/notices/{id}", { signal, params: { path: { office, id } } }));
  if (!view.allowed.includes("issue")) return [];
  const call = (key: string) => ({
    params: { path: { office, id } },
    headers: { ...ifMatch(view.version), "Idempotency-Key": key },
  });
  return [
    {
      key: id,
      paper: "通报",
      title: view.title,
      summary: firstSentence(view.body),
      facts: [
        ["接收单位", `${view.recipients.length} 个：${view.recipients.map(({ name }) => name).join("、")}`],
        ["签收期限", formatDeadline(view.receipt_due)],
        ["自查报送期限", formatDeadline(view.report_due)],
        ["必答问题", `${view.questions.length} 个`],
        ["依据", `${view.basis.length} 个问题`],
      ],
      agreed: [`${view.changed_by} 送审`],
      full: `/w/${office}/linkage/${id}`,
      consequence: "签发后编号并送达全部接收单位，不能修改；有单位签收前可以撤回",
      agree: {
        label: "同意",
        done: "已签发",
        run: (key) => answer(api.POST("/v1/offices/{office}/notices/{id}/issue", call(key))),
      },
      refuse: view.allowed.includes("send-back")
        ? {
            label: "退回",
            done: "已退回起草人",
            phrases,
            limit: 500,
            run: (reason, key) =>
              answer(api.POST("/v1/offices/{office}/notices/{id}/send-back", { ...call(key), body: { reason } })),
          }
        : undefined,
    },
  ];
}

async function matter(office: string, { id }: Task, signal: AbortSignal): Promise<Card[]> {
  const view = await answer(
    api.GET("/v1/offices/{office}/escalations/{id}", { signal, params: { path: { office, id } } }),
  );
  if (!view.allowed.includes("approve")) return [];
  const call = (key: string) => ({
    params: { path: { office, id } },
    headers: { ...ifMatch(view.version), "Idempotency-Key": key },
  });
  return [
    {
      key: id,
      paper: "上报事项",
      title: view.title,
      summary: firstSentence(view.asked),
      facts: [
        ["问题", `${view.finding_number} ${view.unit_name}`],
        ["已做工作", view.tried],
        ["超出本级的原因", view.why],
        ["请求事项", view.asked],
      ],
      agreed: view.changed_by ? [`${view.changed_by} 送审`] : [],
      full: `/w/${office}/escalations/${id}`,
      consequence: "同意后编号并上报上级",
      agree: {
        label: "同意",
        done: "已上报",
        run: (key) => answer(api.POST("/v1/offices/{office}/escalations/{id}/approve", call(key))),
      },
      refuse: view.allowed.includes("send-back")
        ? {
            label: "退回",
            done: "已退回",
            phrases,
            limit: 500,
            run: (reason, key) =>
              answer(api.POST("/v1/offices/{office}/escalations/{id}/send-back", { ...call(key), body: { reason } })),
          }
        : undefined,
    },
  ];
}
