import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Day, Facts, formatDay, Instant, Lines, Panel, ProblemNotice, Standing, StatusTag, useSession } from "@/parts";
import type { ItemPage } from "../rectification/data";
import { type LongReview, outcomes, reviewStates, reviewsQuery } from "./data";
import { OpinionDialog, type Step, stepWords } from "./OpinionDialog";
import { ProposeDialog } from "./ProposeDialog";

/** The reviews of a long-term item (长期整改复核), and what this person may do about it. Nothing for an item that never was one. */
export function ReviewPanel({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const { data, error, refetch } = useQuery(reviewsQuery({ office, below }, item.id));
  const [dialog, setDialog] = useState<Step | "propose" | null>(null);
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!data || (item.state !== "long-term" && data.reviews.length === 0)) return null;
  const [latest, ...earlier] = data.reviews;
  const steps = (["agree", "object", "withdraw"] as const).filter((each) => latest?.allowed.includes(each));
  return (
    <Panel
      title="长期整改复核"
      extra={
        <>
          {data.propose && (
            <Button type="primary" onClick={() => setDialog("propose")}>
              提出复核意见
            </Button>
          )}
          {steps.map((each) => (
            <Button key={each} type={each === "agree" ? "primary" : "default"} onClick={() => setDialog(each)}>
              {stepWords[each]}
            </Button>
          ))}
        </>
      }
    >
      {item.state === "long-term" && (
        <p className="x-longterm-day">
          复核日期 <Day day={item.review_on} /> <Standing due={item.review_on} />
          {data.parties && <span className="x-hint"> 复核意见须{data.parties}一致同意后生效</span>}
        </p>
      )}
      {latest && <ReviewFacts review={latest} item={item} />}
      {earlier.length > 0 && (
        <details>
          <summary>此前的复核（{earlier.length}）</summary>
          {earlier.map((review) => (
            <ReviewFacts key={review.id} review={review} item={item} />
          ))}
        </details>
      )}
      {dialog === "propose" && <ProposeDialog item={item} page={data} onClose={() => setDialog(null)} />}
      {latest && dialog && dialog !== "propose" && (
        <OpinionDialog review={latest} step={dialog} onClose={() => setDialog(null)} />
      )}
    </Panel>
  );
}

/** What is proposed, in one line: 「继续长期，2027-05-20 复核」. */
export function wish({ outcome, until_on }: Pick<LongReview, "outcome" | "until_on">): string {
  if (outcome === "continue") return `${outcomes.continue}，${formatDay(until_on)} 复核`;
  if (outcome === "resume") return `${outcomes.resume}，期限 ${formatDay(until_on)}`;
  return outcomes.done;
}

function ReviewFacts({ review, item }: { review: LongReview; item: ItemPage }): ReactNode {
  const names = review.evidence.map((id) => item.files.find((file) => file.id === id)?.name ?? "（已撤回的文件）");
  return (
    <Facts
      facts={[
        [
          "状态",
          <span key="state">
            <StatusTag words={reviewStates} state={review.state} />
            {review.outdated && <span className="x-hint"> 提出后事项已重新提交或调整期限，不再生效，须重新提出</span>}
            {review.waiting.length > 0 && <span className="x-hint"> 等待：{review.waiting.join("、")}</span>}
          </span>,
        ],
        ["复核意见", wish(review)],
        ["理由", <Lines key="reason" text={review.reason} />, "wide"],
        ["佐证", names.join("、"), "wide"],
        [
          "提出",
          <span key="by">
            {review.by} <Instant at={review.at} />
          </span>,
        ],
        ...(review.ended_at
          ? [
              [
                { objected: "不同意", withdrawn: "撤回" }[review.state as string] ?? "生效",
                <span key="ended">
                  {review.ended_by} <Instant at={review.ended_at} />
                </span>,
              ] as const,
            ]
          : []),
        ...(review.note ? [["说明", <Lines key="note" text={review.note} />, "wide"] as const] : []),
      ]}
    />
  );
}
