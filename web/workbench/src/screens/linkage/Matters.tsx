import { Button } from "antd";
import { type ReactNode, useMemo } from "react";
import {
  type Column,
  Day,
  Deadline,
  excelExports,
  type ListSpec,
  ListView,
  NO_DATA,
  NumberCell,
  Page,
  Standing,
  StatusTag,
  type Tab,
  useRole,
  useSession,
} from "@/parts";
import { exportMatters, linkageKey, listMatters, type Matter } from "./data";
import { matterStates } from "./words";

const tabs: readonly Tab[] = [
  { key: "in", label: "下级上报", columns: ["number", "raiser", "title", "state", "holder", "due", "left", "sent"] },
  { key: "out", label: "本级上报", columns: ["number", "title", "finding", "state", "holder", "due", "left", "sent"] },
];

/** 上报事项 (S21): what this office raised, and what came to it from below. */
export default function Matters(): ReactNode {
  const { office, identity, below } = useSession();
  const raiser = useRole("OFF", "DIR", "CITY") && below === undefined;
  const { level } = identity.office;
  const spec = useMemo<ListSpec<Matter>>(() => {
    const href = (matter: Matter) => `/w/${office}/escalations/${matter.id}`;
    const boxes = tabs.filter(({ key }) => (key === "in" ? level !== "county" : level !== "province"));
    return {
      screen: "linkage.matters",
      caption: "上报事项",
      unit: "件",
      queryKey: [...linkageKey, office, "matters"],
      load: (ask, signal) => listMatters(office, (ask.tab || boxes[0]?.key) === "in" ? "in" : "out", ask, signal),
      rowKey: (matter) => matter.id,
      rowName: (matter) => (matter.number ? `${matter.raiser_name} ${matter.number}` : matter.title),
      href,
      columns: boxes.length > 1 ? columns(href) : columns(href).filter(({ key }) => boxes[0]?.columns?.includes(key)),
      tabs: boxes.length > 1 ? boxes : undefined,
      exports: excelExports((ask, form, columns) =>
        exportMatters(office, (ask.tab || boxes[0]?.key) === "in" ? "in" : "out", form, columns),
      ),
      empty:
        level === "province"
          ? "还没有下级上报的事项。"
          : "还没有上报事项。县级无法单独解决的问题，可在整改事项中提请上级统筹。",
    };
  }, [office, level]);
  return (
    <Page
      title="上报事项"
      width="list"
      actions={raiser && <Button href={`/w/${office}/escalations/new`}>提请统筹</Button>}
    >
      <ListView spec={spec} />
    </Page>
  );
}

function columns(href: (matter: Matter) => string): Column<Matter>[] {
  return [
    {
      key: "number",
      title: "编号",
      width: 130,
      pinned: true,
      card: "title",
      cell: (matter) => <NumberCell number={matter.number || "（未编号）"} href={href(matter)} />,
    },
    { key: "raiser", title: "提出单位", width: 150, cell: (matter) => matter.raiser_name },
    { key: "title", title: "事项", width: 260, card: "title", cell: (matter) => matter.title },
    {
      key: "finding",
      title: "问题编号",
      width: 140,
      cell: (matter) => <span className="x-number">{matter.finding_number}</span>,
    },
    {
      key: "state",
      title: "状态",
      width: 110,
      cell: (matter) => (
        <>
          <StatusTag words={matterStates} state={matter.state} />
          {matter.merged > 1 && <span className="x-hint"> 并案</span>}
        </>
      ),
    },
    { key: "holder", title: "现由谁办理", width: 150, cell: (matter) => holderOf(matter) },
    { key: "due", title: "本步期限", width: 116, cell: (matter) => <Deadline due={matter.step_due} /> },
    { key: "left", title: "剩余/逾期", width: 96, cell: (matter) => <Standing due={matter.step_due} /> },
    { key: "sent", title: "上报日期", width: 110, cell: (matter) => <Day day={matter.submitted_at?.slice(0, 10)} /> },
  ];
}

// Nobody has a matter that is over.
function holderOf({ state, holder_name }: Matter): string {
  return state === "closed" || state === "withdrawn" ? NO_DATA : holder_name;
}
