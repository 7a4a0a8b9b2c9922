import { answer, api, formatDay, formatWan, ifMatch } from "@/parts";
import { type Card, type CardKind, firstSentence } from "../cards/registry";
import type { Task } from "../todo/data";
import { afterSigning, sendSignature } from "./Signing";
import { kindNames } from "./words";

/** Reports that wait for a signature: of the unit's head, or of the leader in charge. */
export const cards: readonly CardKind[] = [{ kind: "report", verbs: ["签字"], roles: ["HEAD", "LG"], load }];

async function load(office: string, { id }: Task, signal: AbortSignal): Promise<Card[]> {
  const params = { path: { office, id } };
  const report = await answer(api.GET("/v1/offices/{office}/reports/{id}", { signal, params }));
  const as = report.allowed.includes("countersign") ? "countersign" : "sign";
  if (!report.allowed.includes(as) || report.gaps.length > 0) return [];
  const { sums, overall, acts, promise } = report.content;
  const { consequence, done } = afterSigning(report, as);
  return [
    {
      key: id,
      paper: kindNames[report.kind],
      title: `${report.unit_name}，${report.round_name}，第${report.period}期`,
      summary: firstSentence(overall),
      facts: [
        [
          "问题",
          `${sums.findings} 个：已销号 ${sums.closed}，长期整改 ${sums.long_term}，待审核 ${sums.submitted}，正在整改 ${sums.ongoing}（逾期 ${sums.overdue}）`,
        ],
        ["追回资金", formatWan(sums.recovered_fen)],
        ["问责", `${sums.people_dealt} 人`],
        ...(report.kind === "head" ? ([["工作记录", `${acts.length} 条`]] as const) : []),
        ...(report.since.title
          ? ([[`比${report.since.title}`, report.since.lines.join("；") || "没有变化"]] as const)
          : []),
        ["期限", formatDay(report.due_on)],
        ["承诺", promise],
        ["内容校验码", report.digest.slice(0, 16)],
      ],
      agreed: report.head ? [`${report.head} 签字`] : [],
      full: `/w/${office}/reports/${id}`,
      consequence,
      agree: { label: "签字", done, run: (key) => sendSignature(office, report, as, report.version, key) },
      refuse:
        as === "countersign"
          ? {
              label: "退回",
              done: "已退回",
              phrases: ["未完成原因请写具体", "数字请再核对", "下步打算请明确时限"],
              limit: 5000,
              run: (letter, key) =>
                answer(
                  api.POST("/v1/offices/{office}/reports/{id}/decline", {
                    params,
                    headers: { ...ifMatch(report.version), "Idempotency-Key": key },
                    body: { letter, reasons: ["other"] },
                  }),
                ),
            }
          : undefined,
    },
  ];
}
