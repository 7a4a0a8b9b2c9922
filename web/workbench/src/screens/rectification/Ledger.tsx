import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import type { ReactNode } from "react";
import { ListView, Page, useNarrow, useRole, useSession } from "@/parts";
import { ClosingLine } from "./ClosingLine";
import { roundsQuery } from "./data";
import { useDutiesSpec } from "./duties";
import { useProblemsSpec } from "./problems";
import { useLedgerParts } from "./tabs";
import { useTasksSpec } from "./tasks";

/** 整改台账 (S14): one record, as problems, as tasks and by who is responsible. */
export default function Ledger(): ReactNode {
  const session = useSession();
  const importer = useRole("OFF", "DIR") && session.below === undefined;
  const ofUnit = useRole("UNIT", "HEAD");
  const { tab = "" } = useSearch({ strict: false }) as { tab?: string };
  const rounds = useQuery(roundsQuery(session));
  const round = rounds.data?.[0];
  return (
    <Page
      title="整改台账"
      width="list"
      note={round && `${round.name}${round.feedback_on ? `，反馈日期 ${round.feedback_on}` : ""}`}
      actions={
        <>
          {importer && <Button href={`/w/${session.office}/imports/new`}>导入台账</Button>}
          {ofUnit && <Button href={`/w/${session.office}/extension-lists/new`}>批量申请延期</Button>}
        </>
      }
    >
      <ClosingLine />
      <Lists tab={tab} />
    </Page>
  );
}

// The list stays the same part under all tabs; what it lists changes.
function Lists({ tab }: { tab: string }): ReactNode {
  const parts = useLedgerParts(tab);
  const problems = useProblemsSpec(parts, useNarrow());
  const tasks = useTasksSpec(parts);
  const duties = useDutiesSpec(parts);
  if (tab === "tasks") return <ListView spec={tasks} />;
  if (tab === "duties") return <ListView spec={duties} />;
  return <ListView spec={problems} />;
}
