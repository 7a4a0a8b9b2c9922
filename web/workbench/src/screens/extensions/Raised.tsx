import { type ReactNode, useMemo } from "react";
import {
  Day,
  Deadline,
  Instant,
  type ListSpec,
  ListView,
  NO_DATA,
  NumberCell,
  Page,
  Standing,
  StatusTag,
  useSession,
} from "@/parts";
import { itemsKey } from "../rectification/data";
import { listRaised, type Raised, requestKinds, statesOf } from "./data";

/** 延期报批: what offices below passed up to this one, and what this one passed up itself. */
export default function RaisedList(): ReactNode {
  const { office } = useSession();
  const spec = useMemo<ListSpec<Raised>>(() => {
    const href = ({ id }: Raised) => `/w/${office}/raised-extensions/${id}`;
    return {
      screen: "extensions.raised",
      caption: "延期报批",
      unit: "件",
      queryKey: [...itemsKey, office, "raised-list"],
      load: (ask, signal) => listRaised(office, ask, signal),
      rowKey: ({ id }) => id,
      rowName: ({ number, kind }) => `${number} ${requestKinds[kind]}申请`,
      href,
      columns: [
        {
          key: "number",
          title: "编号",
          width: 128,
          pinned: true,
          card: "title",
          cell: (raised) => <NumberCell number={raised.number} href={href(raised)} />,
        },
        {
          key: "state",
          title: "状态",
          width: 112,
          cell: (raised) => <StatusTag words={statesOf(raised)} state={raised.state} />,
        },
        { key: "office", title: "报批单位", width: 136, cell: ({ office_name }) => office_name },
        { key: "unit", title: "责任单位", width: 160, cell: ({ unit_name }) => unit_name },
        { key: "kind", title: "申请事项", width: 84, cell: ({ kind }) => requestKinds[kind] },
        { key: "due", title: "现期限", width: 100, cell: ({ due_on }) => <Deadline due={due_on} /> },
        { key: "left", title: "剩余/逾期", width: 88, cell: ({ due_on }) => <Standing due={due_on} /> },
        { key: "until", title: "申请日期至", width: 100, cell: ({ until_on }) => <Day day={until_on} /> },
        { key: "granted", title: "批准至", width: 100, cell: ({ granted_on }) => <Day day={granted_on} /> },
        { key: "forwarded", title: "转报时间", width: 116, cell: ({ forwarded_at }) => <Instant at={forwarded_at} /> },
        {
          key: "decided",
          title: "审批",
          width: 170,
          cell: ({ ended_at, ended_by }) =>
            ended_at ? (
              <>
                {ended_by} <Instant at={ended_at} />
              </>
            ) : (
              NO_DATA
            ),
        },
      ],
      empty: "还没有报批的延期申请。按规定由上一级审批的申请，由下级巡察办转报后会出现在这里。",
    };
  }, [office]);
  return (
    <Page
      title="延期报批"
      width="list"
      note="按规定由上一级巡察办审批的延期和转长期整改申请，由下级转报，批准后自动执行"
    >
      <ListView spec={spec} />
    </Page>
  );
}
