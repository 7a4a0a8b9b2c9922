import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Day, Instant, Lines, type Role, roleNames, StatusTag } from "@/parts";
import { type Doubt, doubtStates, doubtVerdicts } from "./data";
import { AnswerDialog, CheckDialog } from "./dialogs";
import "./doubts.css";

/** One signal: why somebody should look, what the unit says, what two persons saw on site. */
export function DoubtCard({ doubt }: { doubt: Doubt }): ReactNode {
  const [dialog, setDialog] = useState<"answer" | "check" | null>(null);
  const checks = doubt.allowed.some((action) => action === "check" || action === "confirm");
  return (
    <article className="x-doubt" aria-label={`${doubt.word}：${doubt.number}`}>
      <h3>
        ？{doubt.word} <StatusTag words={doubtStates} state={doubt.state} />
      </h3>
      <p>{doubt.reason || doubt.question}</p>
      {doubt.reason && doubt.by && <p>请单位说明：{doubt.question}</p>}
      <p className="x-hint">
        {doubt.by ? `${doubt.by} 登记` : "提示，不是结论"}，<Instant at={doubt.found_at} />
      </p>
      {doubt.answer && (
        <div className="x-doubt-said">
          <span className="x-hint">
            单位说明（
            <Instant at={doubt.answered_at} />
            {doubt.answer_files.length > 0 && `，佐证 ${doubt.answer_files.length} 份`}）
          </span>
          <Lines text={doubt.answer} />
        </div>
      )}
      {doubt.looks.map((look) => (
        <div key={`${look.turn} ${look.nth}`} className="x-doubt-said">
          <span className="x-hint">
            {look.by}（{roleNames[look.role as Role]}）<Day day={look.seen_on} /> 现场核查
          </span>{" "}
          <StatusTag words={doubtVerdicts} state={look.verdict} />
          <Lines text={look.note} />
        </div>
      ))}
      {doubt.looks.length === 0 && doubt.seen_on && (
        <p>
          <Day day={doubt.seen_on} /> 现场核查：
          <StatusTag words={doubtVerdicts} state={doubt.state} />
        </p>
      )}
      {doubt.allowed.length > 0 && (
        <div className="x-form-actions">
          {doubt.allowed.includes("answer") && (
            <Button onClick={() => setDialog("answer")}>{doubt.answer ? "补充说明" : "填写说明"}</Button>
          )}
          {checks && (
            <Button onClick={() => setDialog("check")}>
              {doubt.state === "checked" ? "登记第二人结论" : "登记现场核查"}
            </Button>
          )}
        </div>
      )}
      {dialog === "answer" && <AnswerDialog doubt={doubt} onClose={() => setDialog(null)} />}
      {dialog === "check" && <CheckDialog doubt={doubt} onClose={() => setDialog(null)} />}
    </article>
  );
}
