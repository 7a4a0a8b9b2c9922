import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button, Dropdown, Tabs } from "antd";
import { type ReactNode, useState } from "react";
import {
  FlagTags,
  NumberCell,
  Page,
  ProblemNotice,
  rectificationFlags,
  rectificationStates,
  Standing,
  StatusTag,
  Timeline,
  useDelayed,
  useSession,
} from "@/parts";
import { ItemBoard, PutItem } from "../board/ItemBoard";
import { ResultsTab } from "../checks/ResultsTab";
import { ItemDoubts } from "../doubts/ItemDoubts";
import { AskDialog } from "../extensions/AskDialog";
import { DeadlineList } from "../extensions/DeadlineList";
import { RequestPanel } from "../extensions/RequestPanel";
import { ItemFollowUps } from "../followups/ItemFollowUps";
import { ReviewPanel } from "../longterm/ReviewPanel";
import { ItemSamples } from "../samples/ItemSamples";
import { Decide } from "./Decide";
import { type ItemPage, itemQuery, timelineQuery } from "./data";
import { EvidenceTab } from "./EvidenceTab";
import { DueDialog, ReopenDialog } from "./ItemDialogs";
import { ItemFacts, mainAction, ReturnedNotice } from "./ItemSummary";
import { Lineage } from "./Lineage";
import { MeasuresTab } from "./MeasuresTab";
import { OpinionsTab } from "./OpinionsTab";
import { ProgressForm } from "./ProgressForm";
import { RemindersTab } from "./RemindersTab";
import { SubmitDialog } from "./SubmitDialog";
import { useStart } from "./useStart";
import { actionWords } from "./words";
import "./rectification.css";

/** 整改事项详情 (S15). */
export default function ItemScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office, below } = useSession();
  const { data: item, error, isPending, refetch } = useQuery(itemQuery({ office, below }, id));
  const waiting = useDelayed(isPending);
  if (item) return <Item item={item} />;
  return (
    <Page title="整改事项">
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
    </Page>
  );
}

type Dialog = "submit" | "decide" | "due" | "reopen" | "extend" | null;

function Item({ item }: { item: ItemPage }): ReactNode {
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = () => setDialog(null);
  return (
    <Page
      title={
        <>
          <NumberCell number={item.number} /> <span className="x-item-unit">{item.unit_name}</span>
        </>
      }
      windowTitle={`${item.number} - 整改台账`}
      crumb={item.number}
      note={
        <>
          <StatusTag words={rectificationStates} state={item.state} />{" "}
          <FlagTags words={rectificationFlags} flags={item.flags} />{" "}
          {item.days_left !== null && <Standing due={item.due_on} />}
        </>
      }
      actions={
        <>
          <PutItem id={item.id} number={item.number} closed={item.state === "closed"} />
          <Actions item={item} open={setDialog} />
        </>
      }
    >
      <ReturnedNotice item={item} />
      <ItemTabs item={item} />
      {dialog === "submit" && <SubmitDialog item={item} onClose={close} />}
      {dialog === "decide" && <Decide item={item} onClose={close} />}
      {dialog === "due" && <DueDialog item={item} onClose={close} />}
      {dialog === "extend" && <AskDialog item={item} onClose={close} />}
      {dialog === "reopen" && <ReopenDialog item={item} onClose={close} />}
    </Page>
  );
}

// The main button depends on state and role and is always in the same place; what is rarer stands behind 「更多」.
function Actions({ item, open }: { item: ItemPage; open: (dialog: Dialog) => void }): ReactNode {
  const start = useStart(item);
  const tab = useTab();
  const main = mainAction(item);
  const run: Partial<Record<ItemPage["allowed"][number], () => void>> = {
    start: () => start.send(undefined),
    submit: () => open("submit"),
    opinion: () => tab.go("opinions"),
    return: () => open("decide"),
    accept: () => open("decide"),
    reopen: () => open("reopen"),
    due: () => open("due"),
    extend: () => open("extend"),
  };
  const more = (["extend", "reopen", "due"] as const).filter((action) => item.allowed.includes(action));
  return (
    <>
      {more.length > 0 && (
        <Dropdown
          trigger={["click"]}
          menu={{ items: more.map((key) => ({ key, label: actionWords[key], onClick: run[key] })) }}
        >
          <Button>更多</Button>
        </Dropdown>
      )}
      {main && (
        <Button type="primary" loading={start.pending} onClick={run[main]}>
          {actionWords[main]}
        </Button>
      )}
    </>
  );
}

function useTab(): { shown: string; go: (key: string) => void } {
  const { tab, ...search } = useSearch({ strict: false }) as Record<string, string>;
  const navigate = useNavigate();
  return {
    shown: tab ?? "facts",
    go: (key) =>
      void navigate({ to: ".", search: { ...search, tab: key === "facts" ? undefined : key } as never, replace: true }),
  };
}

function ItemTabs({ item }: { item: ItemPage }): ReactNode {
  const tab = useTab();
  return (
    <Tabs
      activeKey={tab.shown}
      onChange={tab.go}
      items={[
        { key: "facts", label: "概况", children: <FactsTab item={item} /> },
        { key: "measures", label: `措施与任务（${item.measures.length}）`, children: <MeasuresTab item={item} /> },
        {
          key: "evidence",
          label: `佐证（${item.files.filter((file) => !file.replaced).length}）`,
          children: <EvidenceTab item={item} />,
        },
        { key: "opinions", label: `审核意见（${item.submissions.length}）`, children: <OpinionsTab item={item} /> },
        { key: "checks", label: "督导检查", children: <ResultsTab id={item.id} /> },
        { key: "reminders", label: "催办", children: <RemindersTab item={item} /> },
        { key: "log", label: "日志", children: <Log id={item.id} /> },
      ]}
    />
  );
}

function FactsTab({ item }: { item: ItemPage }): ReactNode {
  return (
    <div className="x-item-columns">
      <div>
        <RequestPanel item={item} />
        <ReviewPanel item={item} />
        <ItemDoubts item={item} />
        <ItemFollowUps id={item.id} />
        <ItemSamples id={item.id} />
        <ItemBoard id={item.id} />
        <section className="x-panel">
          <ItemFacts item={item} />
        </section>
        {item.allowed.includes("edit") && <ProgressForm item={item} key={item.id} />}
      </div>
      <div>
        <Lineage item={item} />
        <DeadlineList item={item} />
      </div>
    </div>
  );
}

function Log({ id }: { id: string }): ReactNode {
  const { office, below } = useSession();
  const { data, error, refetch } = useQuery(timelineQuery({ office, below }, id));
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <section className="x-panel">
      <Timeline
        events={data.map((event) => ({
          key: String(event.seq),
          at: event.at,
          kind: eventKind(event.action),
          who: event.actor.startsWith("job:") ? event.role_name : `${event.actor}（${event.role_name}）`,
          what: (
            <>
              {event.title}
              {event.text && <p className="x-hint x-lines">{event.text}</p>}
            </>
          ),
          tone: event.action === "rectification.return" ? "warning" : undefined,
        }))}
      />
    </section>
  );
}

function eventKind(action: string): string {
  const [room] = action.split(".");
  const words: Readonly<Record<string, string>> = {
    measure: "措施",
    evidence: "佐证",
    reminder: "催办",
    escalation: "上报",
    disclosure: "公开",
    import: "导入",
  };
  return words[room ?? ""] ?? "办理";
}
