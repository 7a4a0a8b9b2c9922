import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useMemo } from "react";
import {
  Day,
  Deadline,
  type ListSpec,
  ListView,
  optionsOf,
  Page,
  Panel,
  StatusTag,
  say,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { Reviewed, SignedBy } from "../papers/cells";
import { roundsQuery } from "../rectification/data";
import { beginReport, type Line, listReports, reportsKey, reportsQuery, stateOf } from "./data";
import { kindNames, reportStates } from "./words";
import "./reports.css";

/** 整改报告: of each unit, what is owed by when, and the editions that were made. */
export default function Reports(): ReactNode {
  const { office } = useSession();
  const ofUnit = useRole("UNIT", "HEAD");
  const spec = useSpec(ofUnit);
  return (
    <Page
      title="整改报告"
      width="list"
      note="集中整改期满报送，未销号问题定期续报；内容取自整改台账"
      actions={ofUnit && <Button href={`/w/${office}/head-acts`}>主要负责人工作记录</Button>}
    >
      {ofUnit && <Owed />}
      <ListView spec={spec} />
    </Page>
  );
}

/** What the unit has to begin now. */
function Owed(): ReactNode {
  const session = useSession();
  const { office } = session;
  const navigate = useNavigate();
  const { data } = useQuery(reportsQuery(session));
  const owed = (data ?? []).filter((line) => !line.id);
  const write = useWrite({
    run: (line: Line, key) => beginReport(office, line.round, line.kind, key),
    refresh: [reportsKey, ["tasks"]],
    onDone: (made) => {
      say(`已开始编制：第${made.period}期`);
      void navigate({ to: `/w/${office}/reports/${made.id}` as string });
    },
  });
  if (owed.length === 0) return null;
  return (
    <Panel title="应报">
      <WriteProblem problem={write.problem} />
      <ul className="x-report-owed">
        {owed.map((line) => (
          <li key={`${line.round} ${line.kind}`}>
            <span>
              <strong>{kindNames[line.kind]}</strong>{" "}
              <span className="x-hint">
                {line.round_name}，第{line.period}期
              </span>
            </span>
            <Deadline due={line.due_on} />
            <Button type="primary" loading={write.pending} onClick={() => write.send(line)}>
              编制<span className="x-hidden">{kindNames[line.kind]}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function useSpec(ofUnit: boolean): ListSpec<Line> {
  const { office, below } = useSession();
  const rounds = useQuery(roundsQuery({ office, below })).data;
  return useMemo<ListSpec<Line>>(() => {
    const href = (line: Line) =>
      line.id ? `/w/${office}/reports/${line.id}${below ? `?below=${below}` : ""}` : undefined;
    return {
      screen: "rectification.reports",
      caption: "整改报告",
      unit: "份报告",
      queryKey: [...reportsKey, office, below, "list"],
      load: (ask, signal) => listReports({ office, below }, ask, signal),
      rowKey: (line) => line.id ?? `${line.round} ${line.unit} ${line.kind} ${line.period}`,
      rowName: (line) => `${line.unit_name}，${kindNames[line.kind]}`,
      columns: [
        {
          key: "unit",
          title: "单位",
          width: 180,
          pinned: true,
          card: "title",
          cell: (line) => (line.id ? <a href={href(line)}>{line.unit_name}</a> : line.unit_name),
        },
        { key: "kind", title: "报告", width: 216, cell: (line) => kindNames[line.kind] },
        { key: "round", title: "轮次", width: 168, cell: (line) => line.round_name },
        {
          key: "period",
          title: "期次",
          width: 112,
          cell: (line) => `第${line.period}期${line.edition > 0 ? `第${line.edition}版` : ""}`,
        },
        {
          key: "due",
          title: "期限",
          width: 136,
          cell: (line) => (line.overdue || !line.head_at ? <Deadline due={line.due_on} /> : <Day day={line.due_on} />),
        },
        {
          key: "state",
          title: "状态",
          width: 136,
          cell: (line) => <StatusTag words={reportStates} state={stateOf(line)} />,
        },
        {
          key: "head",
          title: "主要负责人签字",
          width: 172,
          cell: (line) => <SignedBy name={line.head} at={line.head_at} />,
        },
        {
          key: "review",
          title: "审核",
          width: 152,
          cell: (line) => <Reviewed of={line} />,
        },
      ],
      filters: [
        { key: "state", label: "状态", kind: "many", options: optionsOf(reportStates) },
        {
          key: "kind",
          label: "报告",
          kind: "one",
          options: Object.entries(kindNames).map(([value, label]) => ({ value, label })),
        },
        { key: "overdue", label: "只看逾期", kind: "flag" },
        {
          key: "round",
          label: "轮次",
          kind: "one",
          options: (rounds ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
      search: ofUnit ? undefined : "搜索单位",
      href,
      empty: ofUnit
        ? "还没有整改报告。收到反馈后，按期在这里编制。"
        : "还没有整改报告。单位收到反馈后，应报的报告和期限会列在这里。",
    };
  }, [office, below, ofUnit, rounds]);
}
