import type { ReactNode } from "react";
import { answer, api, ifMatch, useSession } from "@/parts";
import { DecideDialog, type Decision, OpinionDialog } from "../papers/Reviewing";
import { type Report, reportsKey } from "./data";
import { kindNames } from "./words";

/** One party's opinion on a report. */
export function Opine({ report, onClose }: { report: Report; onClose: () => void }): ReactNode {
  const { office } = useSession();
  return (
    <OpinionDialog
      paper={report}
      called={kindNames[report.kind]}
      reasoned
      refresh={[reportsKey]}
      onClose={onClose}
      send={(body, key) =>
        answer(
          api.POST("/v1/offices/{office}/reports/{id}/opinion", {
            params: { path: { office, id: report.id ?? "" } },
            headers: { "Idempotency-Key": key },
            body,
          }),
        )
      }
    />
  );
}

const words = {
  approve: {
    title: "通过存档",
    hint: "各方均已同意。报告存档，上级可以查看。",
    label: "说明",
    done: "已通过存档",
    back: false,
  },
  return: {
    title: "退回重报",
    hint: "汇总各方意见，一次退回。已签字的版本保留，单位另立新版。",
    label: "退回意见",
    done: "已退回",
    back: true,
  },
  decline: { title: "退回修改", hint: "退回单位另立新版后重新签字。", label: "退回意见", done: "已退回", back: true },
} satisfies Record<string, Decision>;

/** Ends a review, or sends a report back instead of signing it. */
export function Decide({
  report,
  as,
  onClose,
}: {
  report: Report;
  as: keyof typeof words;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  return (
    <DecideDialog
      paper={report}
      called={kindNames[report.kind]}
      reasoned
      decision={words[as]}
      refresh={[reportsKey]}
      onClose={onClose}
      send={(version, letter, reasons, key) => {
        const call = {
          params: { path: { office, id: report.id ?? "" } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { letter, reasons },
        };
        const send = {
          approve: () => api.POST("/v1/offices/{office}/reports/{id}/approve", call),
          return: () => api.POST("/v1/offices/{office}/reports/{id}/return", call),
          decline: () => api.POST("/v1/offices/{office}/reports/{id}/decline", call),
        }[as];
        return answer(send());
      }}
    />
  );
}
