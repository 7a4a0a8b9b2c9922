import { useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import {
  Day,
  Deadline,
  type ListSpec,
  ListView,
  optionsOf,
  Page,
  Standing,
  StatusTag,
  useRole,
  useSession,
} from "@/parts";
import { AssignDialog } from "./AssignDialog";
import { DirectiveCard } from "./DirectiveCard";
import { type Directive, directiveStates, directivesKey, listDirectives } from "./data";

/** 点人点事: tasks from the secretary's meetings. A unit sees its own; from the to-do list one of them stands alone. */
export default function Directives(): ReactNode {
  const { id } = useParams({ strict: false }) as { id?: string };
  const { office } = useSession();
  const assigns = useRole("OFF", "DIR", "CITY", "PROV");
  const [assigning, setAssigning] = useState(false);
  const spec = useMemo<ListSpec<Directive>>(
    () => ({
      screen: "directives",
      caption: "点人点事",
      unit: "件",
      queryKey: [...directivesKey, office, "list", id],
      load: async ({ filters }, signal) => {
        const all = await listDirectives(office, signal);
        const items = all.filter(
          (each) => (!id || each.id === id) && (!filters.state || filters.state.includes(each.state)),
        );
        return { items, next: "", total: items.length };
      },
      rowKey: (row) => row.id,
      rowName: ({ matter }) => matter,
      columns: [
        {
          key: "matter",
          title: "交办事项",
          width: 300,
          pinned: true,
          card: "title",
          cell: ({ matter }) => matter,
        },
        {
          key: "state",
          title: "状态",
          width: 92,
          cell: ({ state }) => <StatusTag words={directiveStates} state={state} />,
        },
        { key: "person", title: "点到的人", width: 148, cell: ({ person }) => person },
        { key: "unit", title: "责任单位", width: 160, cell: ({ unit_name }) => unit_name },
        { key: "due", title: "办理期限", width: 100, cell: ({ due_on }) => <Deadline due={due_on} /> },
        {
          key: "left",
          title: "剩余/逾期",
          width: 88,
          cell: ({ due_on, state }) =>
            state === "assigned" || state === "answered" ? <Standing due={due_on} /> : null,
        },
        { key: "meeting", title: "会议", width: 160, cell: ({ meeting }) => meeting },
        { key: "on", title: "会议日期", width: 100, cell: ({ meeting_on }) => <Day day={meeting_on} /> },
      ],
      filters: [{ key: "state", label: "状态", kind: "many", options: optionsOf(directiveStates) }],
      drawer: (_, row) => row && <DirectiveCard directive={row} />,
      drawerTitle: (_, row) => row?.unit_name,
      empty: assigns
        ? "还没有点人点事事项。书记专题会点到的人和事，点「登记交办」录入。"
        : "还没有交办给本单位的点人点事事项。",
    }),
    [office, assigns, id],
  );
  return (
    <Page
      title="点人点事"
      width="list"
      note="书记专题会点到的人和事，明确期限交办，单位答复后由巡察办主任办结"
      actions={
        assigns && (
          <Button type="primary" onClick={() => setAssigning(true)}>
            登记交办
          </Button>
        )
      }
    >
      <ListView spec={spec} />
      {assigning && <AssignDialog onClose={() => setAssigning(false)} />}
    </Page>
  );
}
