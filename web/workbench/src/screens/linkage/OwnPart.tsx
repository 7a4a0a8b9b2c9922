import { Button } from "antd";
import { type ReactNode, useState } from "react";
import {
  Deadline,
  Facts,
  Instant,
  Lines,
  Money,
  NO_DATA,
  Notice,
  Panel,
  Standing,
  StatusTag,
  useRole,
  useSession,
} from "@/parts";
import type { NoticeView, Row } from "./data";
import { ReceiveDialog } from "./ReceiveDialog";
import { ReportDialog } from "./ReportDialog";
import { deliveryStates, returnCodes } from "./words";

/** What the reader's own office or unit owes on a notice, and the next step, always in the same place. */
export function OwnPart({ notice, part }: { notice: NoticeView; part: Row }): ReactNode {
  const { office } = useSession();
  const forwarder = useRole("OFF", "DIR", "CITY", "PROV");
  const [dialog, setDialog] = useState<"receive" | "report" | null>(null);
  const may = (act: Row["allowed"][number]) => part.allowed.includes(act);
  const close = () => setDialog(null);
  const running = !["accepted", "withdrawn", "reported"].includes(part.state);
  return (
    <Panel
      title="本单位办理"
      extra={
        <div className="x-row-actions">
          {forwarder && running && part.state !== "delivered" && (
            <Button href={`/w/${office}/linkage/new?forward=${notice.id}`}>转发</Button>
          )}
          {may("report") && (
            <Button type="primary" onClick={() => setDialog("report")}>
              {part.state === "returned" ? "补正后重报" : "报送自查报告"}
            </Button>
          )}
          {may("receive") && (
            <Button type="primary" onClick={() => setDialog("receive")}>
              签收
            </Button>
          )}
        </div>
      }
    >
      {part.state === "returned" && (
        <Notice tone="warning">
          {part.returned_by}于 <Instant at={part.returned_at} /> 退回补查：
          {returnCodes[part.return_code as keyof typeof returnCodes]?.text}。{part.return_note}
        </Notice>
      )}
      {part.reminders > 0 && running && (
        <Notice tone="warning">
          已催办 {part.reminders} 次，最近一次 {part.reminded_on}。
        </Notice>
      )}
      <Facts
        facts={[
          ["状态", <StatusTag key="state" words={deliveryStates} state={part.state} />],
          [
            "签收",
            part.received_at ? (
              <span key="received">
                <Instant at={part.received_at} /> {part.received_by}
              </span>
            ) : (
              <span key="receipt">
                <Deadline due={part.receipt_due} /> 前 <Standing due={part.receipt_due} />
              </span>
            ),
          ],
          [
            "报送期限",
            <span key="due">
              <Deadline due={part.report_due} /> {running && <Standing due={part.report_due} />}
            </span>,
          ],
          ["报送", part.reported_at ? <Instant key="reported" at={part.reported_at} /> : NO_DATA],
        ]}
      />
      {part.reported_at && <Reported part={part} questions={notice.questions} />}
      {dialog === "receive" && <ReceiveDialog part={part} onClose={close} />}
      {dialog === "report" && (
        <ReportDialog part={part} questions={notice.questions} suggested={notice.suggested} onClose={close} />
      )}
    </Panel>
  );
}

/** A report as it was handed in. */
export function Reported({ part, questions }: { part: Row; questions: readonly string[] }): ReactNode {
  return (
    <>
      <h3 className="x-letter-part">自查报告</h3>
      <Facts
        facts={[
          ["检查数", part.checked],
          ["自查发现", part.found],
          ["立行立改", part.corrected],
          ["建章立制", part.rules],
          ["涉及金额（元）", <Money key="money" fen={part.money_fen} />],
          ["报送人", `${part.reported_by}${part.on_paper ? "（纸质代录）" : ""}`],
          ...(part.signed_by ? ([["零报告签字", part.signed_by]] as const) : []),
          ...(part.accepted_at ? ([["采认", `${part.accepted_by} ${part.accepted_at.slice(0, 10)}`]] as const) : []),
          ["情况说明", <Lines key="text" text={part.report} />, "wide"],
          ...questions.map(
            (question, i) => [question, <Lines key={question} text={part.answers[i]} />, "wide"] as const,
          ),
        ]}
      />
    </>
  );
}
