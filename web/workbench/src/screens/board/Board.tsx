import { Button } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { Deadline, type ListSpec, ListView, optionsOf, Page, Standing, StatusTag, useRole, useSession } from "@/parts";
import { boardKey, boardStates, listBoard, type Matter } from "./data";
import { MatterCard } from "./MatterCard";
import { PutDialog } from "./PutDialog";

/** 挂牌督办: what this office put on its board below, or what of its own stands on the board above. */
export default function Board(): ReactNode {
  const { office } = useSession();
  const puts = useRole("CITY", "PROV");
  const [putting, setPutting] = useState(false);
  const spec = useMemo<ListSpec<Matter>>(
    () => ({
      screen: "board",
      caption: "挂牌督办",
      unit: "件",
      queryKey: [...boardKey, office, "list"],
      load: async ({ filters }, signal) => {
        const all = await listBoard(office, signal);
        const items = all.filter(({ state }) => !filters.state || filters.state.includes(state));
        return { items, next: "", total: items.length };
      },
      rowKey: ({ id }) => id,
      rowName: ({ number }) => number,
      columns: [
        {
          key: "number",
          title: "文号",
          width: 192,
          pinned: true,
          card: "title",
          cell: ({ number }) => <span className="x-code">{number}</span>,
        },
        {
          key: "state",
          title: "状态",
          width: 108,
          cell: ({ state }) => <StatusTag words={boardStates} state={state} />,
        },
        { key: "office", title: "责任地区", width: 96, cell: ({ office_name }) => office_name },
        { key: "matter", title: "督办事项", width: 260, cell: ({ matter }) => matter },
        { key: "leader", title: "牵头领导", width: 160, cell: ({ leader }) => leader },
        { key: "due", title: "办结期限", width: 100, cell: ({ due_on }) => <Deadline due={due_on} /> },
        {
          key: "left",
          title: "剩余/逾期",
          width: 88,
          cell: ({ due_on, state }) => (state === "listed" ? <Standing due={due_on} /> : null),
        },
        { key: "item", title: "整改事项", width: 128, cell: ({ item_number }) => item_number },
      ],
      filters: [{ key: "state", label: "状态", kind: "one", options: optionsOf(boardStates) }],
      drawer: (_, row) => row && <MatterCard matter={row} />,
      drawerTitle: (_, row) => row?.number,
      empty: puts
        ? "还没有挂牌督办的事项。点「挂牌督办」，明确牵头领导、期限和摘牌条件。"
        : "上级还没有对本单位的事项挂牌督办。挂牌后会出现在这里。",
    }),
    [office, puts],
  );
  return (
    <Page
      title="挂牌督办"
      width="list"
      note="由上级明确牵头领导、期限和摘牌条件，只能由挂牌的上级摘牌"
      actions={
        puts && (
          <Button type="primary" onClick={() => setPutting(true)}>
            挂牌督办
          </Button>
        )
      }
    >
      <ListView spec={spec} />
      {putting && <PutDialog onClose={() => setPutting(false)} />}
    </Page>
  );
}
