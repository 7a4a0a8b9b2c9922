import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Day, Deadline, Empty, Facts, Instant, Lines, Panel, ProblemNotice, StatusTag, useSession } from "@/parts";
import { resultsQuery } from "./data";
import { checkOutcomes, checkVerdicts, roundWord } from "./words";

/** 督导检查 of one item: what was confirmed, which is all that its unit ever sees. */
export function ResultsTab({ id }: { id: string }): ReactNode {
  const { office, below } = useSession();
  const { data, error, refetch } = useQuery(resultsQuery(office, below, id));
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!data) return null;
  if (data.length === 0) return <Empty>还没有已确认的督导检查结论。</Empty>;
  return data.map((result) => (
    <Panel
      key={result.visit}
      title={`${roundWord(result.n)}督导检查${result.nth === 2 ? "（二人复核）" : ""}`}
      extra={<StatusTag words={checkVerdicts} state={result.verdict} />}
    >
      <Facts
        facts={[
          ["检查日期", <Day key="on" day={result.visited_on} />],
          ["处理", <StatusTag key="outcome" words={checkOutcomes} state={result.outcome} />],
          ["现场情况", <Lines key="seen" text={result.seen} />, "wide"],
          ...(result.number
            ? ([
                [
                  "督办单",
                  below ? (
                    result.number
                  ) : (
                    <a key="letter" href={`/w/${office}/checks/letters/${result.visit}`}>
                      {result.number}
                    </a>
                  ),
                ],
                [
                  "单位回复",
                  result.answered_at ? (
                    <Instant key="answered" at={result.answered_at} />
                  ) : (
                    <span key="due">
                      尚未回复，期限 <Deadline due={result.answer_on} />
                    </span>
                  ),
                ],
              ] as const)
            : []),
          ...(result.outcome_note
            ? ([["处理意见", <Lines key="note" text={result.outcome_note} />, "wide"]] as const)
            : []),
        ]}
      />
    </Panel>
  ));
}
