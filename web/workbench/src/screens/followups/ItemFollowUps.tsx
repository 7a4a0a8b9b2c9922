import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Day, Facts, Lines, Panel, ProblemNotice, StatusTag, useSession } from "@/parts";
import { itemFollowUpsQuery } from "./data";
import { lookVerdicts } from "./words";

/** What follow-ups came to for one item; nothing where there was none. */
export function ItemFollowUps({ id }: { id: string }): ReactNode {
  const { office, below } = useSession();
  const { data, error, refetch } = useQuery(itemFollowUpsQuery(office, below, id));
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  return data?.map((result) => (
    <Panel key={result.followup} title={result.name} extra={<StatusTag words={lookVerdicts} state={result.verdict} />}>
      <Facts
        facts={[
          ["核查日期", <Day key="on" day={result.seen_on} />],
          ["重新整改期限", <Day key="due" day={result.due_on} />],
          ["事实", <Lines key="fact" text={result.fact} />, "wide"],
        ]}
      />
    </Panel>
  ));
}
