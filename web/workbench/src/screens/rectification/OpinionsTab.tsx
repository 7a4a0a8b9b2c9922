import type { ReactNode } from "react";
import {
  Empty,
  formatDeadline,
  formatInstant,
  Lines,
  Panel,
  type Role,
  rectificationStates,
  StatusTag,
  verdictReasons,
  verdicts,
  wordOf,
} from "@/parts";
import type { ItemPage, Opinion, Submission } from "./data";
import { OpinionForm } from "./OpinionForm";
import { partyNames, reviewWords } from "./words";

/** 审核意见: every handing-in with its opinions and what became of it, the latest first. */
export function OpinionsTab({ item }: { item: ItemPage }): ReactNode {
  return (
    <>
      {item.allowed.includes("opinion") && (
        <Panel title="我的审核意见">
          <OpinionForm item={item} />
        </Panel>
      )}
      {item.submissions.length === 0 && (
        <Panel>
          <Empty>还没有提交过销号。</Empty>
        </Panel>
      )}
      {item.submissions.map((submission) => (
        <Panel
          key={submission.n}
          title={`第 ${submission.n} 次提交`}
          extra={
            submission.outcome ? (
              <StatusTag words={rectificationStates} state={submission.outcome} />
            ) : (
              <span className="x-hint">
                {reviewWords({ ...submission, submission: submission.n, agreed: null })}，
                {formatDeadline(submission.due_on)} 前答复
              </span>
            )
          }
        >
          <SubmissionView item={item} submission={submission} />
        </Panel>
      ))}
    </>
  );
}

function SubmissionView({ item, submission }: { item: ItemPage; submission: Submission }): ReactNode {
  const seqOf = (id: string) => item.measures.find((measure) => measure.id === id)?.seq;
  return (
    <>
      <p className="x-hint">
        {submission.by} {formatInstant(submission.at)} 提交
      </p>
      <Lines text={submission.statement} />
      {submission.gaps.length > 0 && (
        <ul className="x-gap-list">
          {submission.gaps.map((gap) => (
            <li key={gap.measure}>
              第 {seqOf(gap.measure)} 项措施没有佐证：{gap.reason}
            </li>
          ))}
        </ul>
      )}
      {submission.letter && (
        <blockquote className="x-letter">
          <p className="x-hint">
            {submission.decided_by} {formatInstant(submission.decided_at)}
          </p>
          <Lines text={submission.letter} />
        </blockquote>
      )}
      <OpinionList opinions={submission.opinions} />
    </>
  );
}

/** The parties' opinions, as far as this person may see them. */
export function OpinionList({ opinions }: { opinions: readonly Opinion[] }): ReactNode {
  if (opinions.length === 0) return null;
  return (
    <ul className="x-opinions">
      {opinions.map((opinion) => (
        <li key={opinion.party}>
          <div>
            <strong>{partyNames[opinion.party as Role]}</strong> <StatusTag words={verdicts} state={opinion.verdict} />{" "}
            <span className="x-hint">
              {opinion.by} {formatInstant(opinion.at)}
            </span>
          </div>
          {opinion.reasons.length > 0 && (
            <p>{opinion.reasons.map((reason) => wordOf(verdictReasons, reason)).join("、")}</p>
          )}
          {opinion.note && <Lines text={opinion.note} />}
        </li>
      ))}
    </ul>
  );
}
