import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Deadline, Facts, Lines, Page, Panel, ProblemNotice, Standing, useSession } from "@/parts";
import { DeadlineHistory } from "./DeadlineList";
import { raisedQuery, requestKinds, wishOf } from "./data";
import { Altered, factsOf, StepButtons } from "./RequestPanel";
import "./extensions.css";

/** One request that an office below passed up: what is needed to decide it, and the decision. */
export default function RaisedScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data: raised, error, refetch } = useQuery(raisedQuery(office, id));
  return (
    <Page
      title={raised ? `${requestKinds[raised.kind]}申请 ${raised.number}` : "延期报批"}
      crumb={raised?.number}
      width="reading"
      note={raised && `${raised.office_name}转报，${wishOf(raised)}`}
      actions={raised && <StepButtons request={raised} suggested="" />}
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {raised && (
        <>
          <Altered request={raised} />
          <Panel title="整改事项">
            <Facts
              facts={[
                ["编号", raised.number],
                ["责任单位", raised.unit_name],
                [
                  "现期限",
                  <span key="due">
                    <Deadline due={raised.due_on} /> <Standing due={raised.due_on} />
                  </span>,
                ],
                ["第几次申请", `第 ${raised.n} 次`],
                ["反馈问题", <Lines key="problem" text={raised.problem} />, "wide"],
              ]}
            />
          </Panel>
          <Panel title="申请">
            <Facts
              facts={factsOf(
                raised,
                raised.files.map((file) => file.name),
              )}
            />
          </Panel>
          <Panel title="期限沿革">
            <DeadlineHistory deadlines={raised.deadlines} />
          </Panel>
        </>
      )}
    </Page>
  );
}
