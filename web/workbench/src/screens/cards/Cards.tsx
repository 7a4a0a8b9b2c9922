import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { asProblem, Empty, Notice, Page, ProblemNotice, say, useDelayed, useSession } from "@/parts";
import { type Task, todoQuery } from "../todo/data";
import { CardView } from "./CardView";
import { type Card, cardKindOf, taskKey } from "./registry";
import "./cards.css";

/** 审批卡片 (S36): what waits for this person's decision, one on the screen, the longest waiting first. */
export default function Cards(): ReactNode {
  const { office, identity } = useSession();
  const { open = "" } = useSearch({ strict: false }) as { open?: string };
  const { data, error, refetch } = useQuery(todoQuery(office));
  const [decided, setDecided] = useState<readonly string[]>([]);
  const waiting = useDelayed(data === undefined && !error);
  const tasks = inTurn(
    (data?.tasks ?? []).filter((task) => cardKindOf(task, identity.role) && !decided.includes(taskKey(task))),
    open,
  );
  const task = tasks[0];
  return (
    <Page title="审批卡片" width="reading" note={tasks.length > 0 ? `待审批 ${tasks.length} 项` : undefined}>
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
      {data && !task && (
        <Empty actions={<Button href={`/w/${office}/todo`}>回到我的待办</Button>}>没有待审批事项</Empty>
      )}
      {task && <TaskCards key={taskKey(task)} task={task} onDone={() => setDecided([...decided, taskKey(task)])} />}
    </Page>
  );
}

// The one that was opened comes first, then the one that waits longest.
function inTurn(tasks: readonly Task[], open: string): Task[] {
  const first = (task: Task) => (taskKey(task) === open ? 0 : 1);
  return [...tasks].sort((a, b) => first(a) - first(b) || a.since.localeCompare(b.since));
}

// A task may stand for many letters: they follow each other before the next task.
function TaskCards({ task, onDone }: { task: Task; onDone: () => void }): ReactNode {
  const { office, identity } = useSession();
  const queries = useQueryClient();
  const kind = cardKindOf(task, identity.role);
  const [gone, setGone] = useState<readonly string[]>([]);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["cards", office, taskKey(task), task.verb],
    queryFn: async ({ signal }): Promise<Card[]> => (await kind?.load(office, task, signal)) ?? [],
    staleTime: Number.POSITIVE_INFINITY, // a card stays as it was read until it is decided
    gcTime: 0,
  });
  const waiting = useDelayed(isPending);
  const left = (data ?? []).filter(({ key }) => !gone.includes(key));
  const card = left[0];

  const next = () => {
    if (left.length <= 1) onDone();
    else if (card) setGone([...gone, card.key]);
    void queries.invalidateQueries({ queryKey: ["tasks"] });
  };
  if (error && asProblem(error).status !== 404) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (error || (data && !card)) return <Withdrawn title={task.title} onNext={next} />;
  if (!card) return waiting && <p className="x-hint">正在加载…</p>;
  return (
    <>
      {left.length > 1 && <p className="x-hint">本项还有 {left.length} 件</p>}
      <CardView
        key={card.key}
        card={card}
        onDone={(words) => {
          say(words);
          next();
        }}
        onNext={next}
        onAnew={() => void refetch()}
      />
    </>
  );
}

/** What was withdrawn or decided by somebody else while the card was open. */
export function Withdrawn({
  title,
  detail,
  onNext,
}: {
  title: string;
  detail?: string;
  onNext: () => void;
}): ReactNode {
  return (
    <Notice
      tone="warning"
      role="alert"
      actions={
        <Button type="primary" className="x-card-next" onClick={onNext}>
          看下一件
        </Button>
      }
    >
      文件已被撤回，无需审批：{title}
      {detail && <p>{detail}</p>}
    </Notice>
  );
}
