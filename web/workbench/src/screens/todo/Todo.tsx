import { Button } from "antd";
import { type ReactNode, useMemo } from "react";
import {
  type Ask,
  Deadline,
  formatCount,
  Instant,
  type ListSpec,
  ListView,
  NO_DATA,
  Page,
  Standing,
  useNarrow,
  useSession,
} from "@/parts";
import { cardKindOf, cardsAddress } from "../cards/registry";
import { kindWords, type Task, useTodo } from "./data";
import { taskHref } from "./where";
import "./todo.css";

/** 我的待办 (S01): one place to start the day. */
export default function Todo(): ReactNode {
  const { office, identity } = useSession();
  const narrow = useNarrow();
  const { todo, queryKey, load } = useTodo(office);
  const total = todo?.total ?? 0;
  const spec = useMemo<ListSpec<Task>>(
    () => ({
      screen: "todo",
      caption: "我的待办",
      unit: "件",
      queryKey,
      load: async (ask) => pageOf(ask, await load()),
      rowKey: (task) => `${task.kind}:${task.id}:${task.verb}`,
      rowName: (task) => task.number || task.title,
      // On a phone an approver's task opens as a card that can be decided with a thumb.
      href: (task) => (narrow && cardKindOf(task, identity.role) ? cardsAddress(office, task) : taskHref(office, task)),
      sectionOf: (task) => task.section,
      columns: [
        {
          key: "title",
          title: "事项",
          width: 340,
          card: "title",
          cell: (task) => (
            <>
              <strong>{task.verb}</strong>　{task.title}
            </>
          ),
        },
        {
          key: "number",
          title: "编号",
          width: 120,
          cell: (task) => <span className="x-number">{task.number || NO_DATA}</span>,
        },
        { key: "kind", title: "类型", width: 90, cell: (task) => kindWords[task.kind] ?? task.kind },
        { key: "source", title: "来源", width: 140, cell: (task) => task.source || NO_DATA },
        { key: "due", title: "截止日期", width: 110, cell: (task) => <Deadline due={task.due_on} /> },
        { key: "left", title: "剩余/逾期", width: 96, cell: (task) => <Standing due={task.due_on} /> },
        { key: "by", title: "发起人", width: 96, cell: (task) => task.by || NO_DATA },
        { key: "since", title: "到达时间", width: 132, cell: (task) => <Instant at={task.since} />, card: "none" },
      ],
      search: "事项、编号、来源",
      filters: [
        {
          key: "kind",
          label: "类型",
          kind: "many",
          options: Object.entries(kindWords).map(([value, label]) => ({ value, label })),
        },
        {
          key: "section",
          label: "截止",
          kind: "many",
          options: ["已逾期", "今天到期", "7天内", "以后"].map((value) => ({ value, label: value })),
        },
      ],
      empty: "待办已清空。",
    }),
    [office, queryKey, load, narrow, identity.role],
  );
  const toDecide = (todo?.tasks ?? []).filter((task) => cardKindOf(task, identity.role)).length;
  return (
    <Page
      title="我的待办"
      windowTitle={total > 0 ? `(${total}) 我的待办` : "我的待办"}
      width="list"
      actions={
        toDecide > 0 && (
          <Button type="primary" href={cardsAddress(office)}>
            逐件审批（{toDecide}）
          </Button>
        )
      }
    >
      <ul className="x-strip">
        {(todo?.sections ?? []).map(({ name, title, count }) => (
          <li key={name}>
            <a
              href={`/w/${office}/todo?section=${encodeURIComponent(title)}`}
              className={name === "overdue" && count > 0 ? "x-standing-danger" : undefined}
            >
              <strong className="x-number">{formatCount(count)}</strong> {title}
            </a>
          </li>
        ))}
      </ul>
      <ListView spec={spec} />
    </Page>
  );
}

// The service answers all at once; searching and paging happen here.
function pageOf(ask: Ask, tasks: readonly Task[]): { items: readonly Task[]; next: string; total: number } {
  const words = ask.q.toLowerCase();
  const { kind, section } = ask.filters;
  const fit = tasks.filter(
    (task) =>
      (words === "" || `${task.verb}${task.title}${task.number}${task.source}`.toLowerCase().includes(words)) &&
      (kind === undefined || kind.includes(task.kind)) &&
      (section === undefined || section.includes(task.section)),
  );
  const from = Number(ask.cursor || 0);
  const to = from + ask.limit;
  return { items: fit.slice(from, to), next: to < fit.length ? String(to) : "", total: fit.length };
}
