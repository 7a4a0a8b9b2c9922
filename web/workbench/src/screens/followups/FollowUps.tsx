import { Button } from "antd";
import { type ReactNode, useMemo } from "react";
import {
  Count,
  formatRange,
  type ListSpec,
  ListView,
  NO_DATA,
  optionsOf,
  Page,
  StatusTag,
  useRole,
  useSession,
} from "@/parts";
import { followUpsKey, type Line, listFollowUps } from "./data";
import { followUpStates } from "./words";

/** 回头看: a past round looked at again. A unit sees those that it was told of. */
export default function FollowUps(): ReactNode {
  const { office } = useSession();
  const opener = useRole("OFF", "DIR");
  const ofUnit = useRole("UNIT", "HEAD");
  const spec = useSpec(ofUnit);
  return (
    <Page
      title="回头看"
      width="list"
      note={ofUnit ? "已通知本单位的回头看" : "通知之前，单位看不到回头看的安排"}
      actions={
        opener && (
          <Button type="primary" href={`/w/${office}/followups/new`}>
            开展回头看
          </Button>
        )
      }
    >
      <ListView spec={spec} />
    </Page>
  );
}

/** 「到位 13，未到位 1」; what is none is not said. */
function verdictsOf({ counts }: Line): string {
  const words = [
    counts.confirmed > 0 && `到位 ${counts.confirmed}`,
    counts.insufficient > 0 && `未到位 ${counts.insufficient}`,
    counts.rebounded > 0 && `反弹 ${counts.rebounded}`,
    counts.false > 0 && `虚假 ${counts.false}`,
  ].filter((each) => each !== false);
  return words.join("，") || NO_DATA;
}

function useSpec(ofUnit: boolean): ListSpec<Line> {
  const { office } = useSession();
  return useMemo<ListSpec<Line>>(() => {
    const href = (line: Line) => `/w/${office}/followups/${line.id}${line.unit ? `/units/${line.unit}` : ""}`;
    const number = (key: string, title: string, width: number, of: (line: Line) => number) => ({
      key,
      title,
      width,
      align: "right" as const,
      cell: (line: Line) => <Count n={of(line)} />,
    });
    return {
      screen: "rectification.followups",
      caption: "回头看",
      unit: "次",
      queryKey: [...followUpsKey, office, "list"],
      load: (ask, signal) => listFollowUps(office, ask, signal),
      rowKey: (line) => line.id,
      rowName: (line) => line.name,
      columns: [
        {
          key: "name",
          title: "名称",
          width: 192,
          pinned: true,
          card: "title",
          cell: (line) => <a href={href(line)}>{line.name}</a>,
        },
        {
          key: "state",
          title: "状态",
          width: 84,
          cell: (line) => <StatusTag words={followUpStates} state={line.state} />,
        },
        { key: "round", title: "原轮次", width: 148, cell: (line) => line.round_name },
        {
          key: "days",
          title: "起止",
          width: 192,
          cell: (line) => <span className="x-number">{formatRange(line.starts_on, line.ends_on)}</span>,
        },
        { key: "leader", title: "组长", width: 64, cell: (line) => line.leader },
        ...(ofUnit
          ? []
          : [
              number("units", "单位", 60, (line) => line.unit_count),
              number("items", "问题", 60, (line) => line.counts.items),
              number("agreed", "已核实", 64, (line) => line.counts.agreed),
              { key: "verdicts", title: "结论", width: 168, cell: (line: Line) => verdictsOf(line) },
              number("problems", "新发现", 64, (line) => line.counts.problems),
            ]),
      ],
      filters: [{ key: "state", label: "状态", kind: "many", options: optionsOf(followUpStates) }],
      search: "搜索名称",
      href,
      empty: ofUnit
        ? "还没有通知本单位的回头看。"
        : "选定原来的轮次和单位后开展回头看，逐项对照反馈、方案、报告和现场实际。",
    };
  }, [office, ofUnit]);
}
