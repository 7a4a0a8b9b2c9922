import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Lines, NO_DATA, Page, Panel, ProblemNotice, useSession } from "@/parts";
import { visitQuery } from "./data";
import { VisitPanel } from "./Visits";

/** One visit's own page: what the unit says, what was seen, and what the person may do about it. */
export default function VisitScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data, error, refetch } = useQuery(visitQuery(office, id));
  return (
    <Page
      title={data ? `现场检查 ${data.number}` : "现场检查"}
      crumb={data?.number}
      width="reading"
      note={data?.unit_name}
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {data && (
        <>
          <Panel title="反馈问题">
            <Lines text={data.text} />
            <p className="x-hint x-lines">单位所称：{data.progress || NO_DATA}</p>
          </Panel>
          <VisitPanel visit={data} />
        </>
      )}
    </Page>
  );
}
