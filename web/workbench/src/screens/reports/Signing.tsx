import type { ReactNode } from "react";
import { answer, api, ifMatch, useSession } from "@/parts";
import { Signing as Page } from "../papers/Signing";
import { type Report, reportsKey } from "./data";
import { kindNames } from "./words";

/** Puts a signature under the digest that was on the screen. */
export function sendSignature(
  office: string,
  report: Report,
  as: "sign" | "countersign",
  version: number,
  key: string,
) {
  const call = {
    params: { path: { office, id: report.id ?? "" } },
    headers: { ...ifMatch(version), "Idempotency-Key": key },
    body: { digest: report.digest },
  };
  return as === "sign"
    ? answer(api.POST("/v1/offices/{office}/reports/{id}/sign", call))
    : answer(api.POST("/v1/offices/{office}/reports/{id}/countersign", call));
}

/** What a signature leads to: who has it next. */
export function afterSigning(report: Report, as: "sign" | "countersign"): { consequence: string; done: string } {
  if (as === "sign" && report.kind === "progress") {
    return {
      consequence: "签字后报告内容固定，送分管领导签字；需要修改时退回后另立新版。",
      done: "已签字，送分管领导签字",
    };
  }
  return { consequence: "签字后报送巡察办，内容不能再修改；需要修改时退回后另立新版。", done: "已签字，报送巡察办" };
}

/** The page before a report is signed. */
export function Signing({
  report,
  as,
  onBack,
}: {
  report: Report;
  as: "sign" | "countersign";
  onBack: () => void;
}): ReactNode {
  const { office } = useSession();
  const { sums, overall, next_steps, acts, promise } = report.content;
  return (
    <Page
      paper={report}
      promise={promise}
      refresh={[reportsKey]}
      onBack={onBack}
      send={(version, key) => sendSignature(office, report, as, version, key)}
      answers={[
        {
          label: "报告",
          value: `${report.unit_name}${kindNames[report.kind]}，${report.round_name}，第${report.period}期第${report.edition}版`,
        },
        {
          label: "整改情况",
          value: `${sums.findings} 个问题：已销号 ${sums.closed}，长期整改 ${sums.long_term}，待审核 ${sums.submitted}，正在整改 ${sums.ongoing}（逾期 ${sums.overdue}）`,
        },
        ...(report.kind === "head" ? [{ label: "工作记录", value: `${acts.length} 条` }] : []),
        { label: "总体情况", value: overall },
        { label: "下步打算", value: next_steps },
        ...(report.since.title
          ? [{ label: `比${report.since.title}`, value: report.since.lines.join("；") || "没有变化" }]
          : []),
      ]}
      {...afterSigning(report, as)}
    />
  );
}
