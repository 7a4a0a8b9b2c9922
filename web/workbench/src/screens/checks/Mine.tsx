import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useMemo } from "react";
import {
  Day,
  type ListSpec,
  ListView,
  NumberCell,
  optionsOf,
  Page,
  ProblemNotice,
  StatusTag,
  useSession,
} from "@/parts";
import { checksKey, listMine, type Visit, visitQuery } from "./data";
import { VisitPanel } from "./Visits";
import { checkVerdicts, roundWord, visitStates } from "./words";

/** 我的检查: the visits that the person makes, by day. */
export default function Mine(): ReactNode {
  const { office } = useSession();
  const spec = useMemo<ListSpec<Visit>>(
    () => ({
      screen: "rectification.visits",
      caption: "我的检查",
      unit: "项",
      queryKey: [...checksKey, office, "mine"],
      load: (ask, signal) => listMine(office, ask, signal),
      rowKey: (visit) => visit.id,
      rowName: (visit) => visit.number,
      columns: [
        {
          key: "number",
          title: "编号",
          width: 136,
          pinned: true,
          card: "title",
          cell: (visit) => <NumberCell number={visit.number} />,
        },
        { key: "unit", title: "单位", width: 150, cell: (visit) => visit.unit_name },
        { key: "text", title: "反馈问题", width: 300, card: "title", cell: (visit) => visit.text },
        {
          key: "round",
          title: "检查轮次",
          width: 120,
          cell: (visit) => `${roundWord(visit.n)}${visit.nth === 2 ? "复核" : ""}`,
        },
        { key: "planned", title: "计划日期", width: 110, cell: (visit) => <Day day={visit.planned_on} /> },
        {
          key: "state",
          title: "状态",
          width: 100,
          cell: (visit) => <StatusTag words={visitStates} state={visit.state} />,
        },
        {
          key: "verdict",
          title: "结论",
          width: 90,
          cell: (visit) => <StatusTag words={checkVerdicts} state={visit.verdict} />,
        },
      ],
      filters: [{ key: "state", label: "状态", kind: "many", options: optionsOf(visitStates) }],
      drawer: (id) => <One id={id} />,
      drawerTitle: (_, visit) => visit && `${visit.number} ${visit.unit_name}`,
      empty: "目前没有指派给你的检查。",
    }),
    [office],
  );
  return (
    <Page
      title="我的检查"
      width="list"
      note="现场填写页可以离线使用，联网后上传"
      actions={
        <Button type="primary" href={`/field/${office}`}>
          现场填写
        </Button>
      }
    >
      <ListView spec={spec} />
    </Page>
  );
}

function One({ id }: { id: string }): ReactNode {
  const { office } = useSession();
  const { data, error, refetch } = useQuery(visitQuery(office, id));
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!data) return null;
  return (
    <>
      <p className="x-lines">{data.text}</p>
      <VisitPanel visit={data} />
    </>
  );
}
