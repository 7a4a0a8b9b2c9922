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
import { listUrgings, remindersKey, type Urging, urgingStates } from "./data";

/** 上级督办: what this office urges offices below to, and is urged to from above. */
export default function Urgings(): ReactNode {
  const { office } = useSession();
  const spec = useMemo<ListSpec<Urging>>(() => {
    const href = ({ id }: Urging) => `/w/${office}/urgings/${id}`;
    return {
      screen: "reminders.urgings",
      caption: "上级督办",
      unit: "件",
      queryKey: [...remindersKey, office, "urgings-list"],
      load: (ask, signal) => listUrgings(office, ask, signal),
      rowKey: ({ id }) => id,
      rowName: ({ item, title }) => `${item} ${title}`,
      href,
      columns: [
        {
          key: "item",
          title: "编号",
          width: 140,
          pinned: true,
          card: "title",
          cell: (urging) => <NumberCell number={urging.item} href={href(urging)} />,
        },
        { key: "title", title: "文书", width: 150, cell: ({ title }) => title },
        { key: "number", title: "文号", width: 190, cell: ({ number }) => number || NO_DATA },
        { key: "issuer", title: "督办单位", width: 150, cell: ({ issuer }) => issuer },
        { key: "recipient", title: "主送", width: 150, cell: ({ recipient }) => recipient },
        { key: "unit", title: "责任单位", width: 178, cell: ({ unit_name }) => unit_name },
        { key: "due", title: "整改期限", width: 116, cell: ({ due_on }) => <Deadline due={due_on} /> },
        { key: "left", title: "剩余/逾期", width: 100, cell: ({ due_on }) => <Standing due={due_on} /> },
        { key: "planned", title: "应发日期", width: 110, cell: ({ planned_on }) => <Day day={planned_on} /> },
        {
          key: "state",
          title: "状态",
          width: 90,
          cell: ({ state }) => <StatusTag words={urgingStates} state={state} />,
        },
        {
          key: "received",
          title: "签收",
          width: 160,
          cell: ({ received_at, received_by }) =>
            received_at ? (
              <>
                {received_by} <Instant at={received_at} />
              </>
            ) : (
              NO_DATA
            ),
        },
      ],
      empty: "还没有上级督办。上级签发给本单位的、本单位待签发给下级的，都会出现在这里。",
    };
  }, [office]);
  return (
    <Page title="上级督办" width="list" note="上级巡察机构对下级逾期整改事项的督办，签发后送达，由下级签收">
      <ListView spec={spec} />
    </Page>
  );
}
