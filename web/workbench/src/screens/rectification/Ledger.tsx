import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useMemo } from "react";
import {
  type Ask,
  type Column,
  Count,
  Day,
  Deadline,
  excelExports,
  FlagTags,
  Lines,
  type ListSpec,
  ListView,
  Money,
  NO_DATA,
  NumberCell,
  optionsOf,
  Page,
  rectificationFlags,
  rectificationStates,
  Standing,
  StatusTag,
  type Tab,
  useNarrow,
  useRole,
  useSession,
} from "@/parts";
import {
  exportItems,
  focusesQuery,
  type Item,
  itemsKey,
  listItems,
  type Measure,
  type Place,
  roundsQuery,
  unitsQuery,
} from "./data";
import { ItemSummary } from "./ItemSummary";
import { focusWords, reviewWords } from "./words";

/** A line of the ledger: a problem with one of its measures. A problem with several has several lines. */
interface Line {
  item: Item;
  measure?: Measure;
  /** How many lines the problem has. */
  of: number;
}

const tabs: readonly Tab[] = [
  { key: "all", label: "总台账" },
  {
    key: "problems",
    label: "问题清单",
    columns: ["number", "text", "unit", "category", "goal", "due", "left", "state", "review", "evidence", "amount"],
  },
  {
    key: "tasks",
    label: "任务清单",
    columns: ["number", "text", "measure", "measure_due", "done", "measure_progress", "rules", "state"],
  },
  {
    key: "duties",
    label: "责任清单",
    columns: ["number", "leader", "department", "person", "helpers", "measure", "measure_due", "unit", "left", "state"],
  },
];

/** 整改台账 (S14): problems, tasks and duties as views of the same rows. */
export default function Ledger(): ReactNode {
  const session = useSession();
  const importer = useRole("OFF", "DIR") && session.below === undefined;
  const narrow = useNarrow();
  const rounds = useQuery(roundsQuery(session));
  const spec = useLedgerSpec(narrow);
  const round = rounds.data?.[0];
  return (
    <Page
      title="整改台账"
      width="list"
      note={round && `${round.name}${round.feedback_on ? `，反馈日期 ${round.feedback_on}` : ""}`}
      actions={importer && <Button href={`/w/${session.office}/imports/new`}>导入台账</Button>}
    >
      <ListView spec={spec} />
    </Page>
  );
}

function useLedgerSpec(narrow: boolean): ListSpec<Line> {
  const { office, below, identity } = useSession();
  const ofUnit = identity.unit !== undefined;
  const focuses = useQuery(focusesQuery(office)).data;
  const units = useQuery(unitsQuery({ office, below })).data;
  const rounds = useQuery(roundsQuery({ office, below })).data;
  return useMemo<ListSpec<Line>>(() => {
    const place: Place = { office, below };
    const href = ({ item }: Line) => `/w/${office}/ledger/${item.id}${below ? `?below=${below}` : ""}`;
    return {
      screen: "rectification.ledger",
      caption: "整改台账",
      unit: "个问题",
      queryKey: [...itemsKey, office, below, narrow],
      load: async (ask, signal) => {
        const page = await listItems(place, ask, signal);
        return { ...page, items: page.items.flatMap((item) => linesOf(item, ask, narrow)) };
      },
      rowKey: ({ item }) => item.id,
      rowName: ({ item }) => item.number,
      columns: columns(href, focuses),
      tabs,
      search: "编号、问题、措施、责任人",
      filters: [
        { key: "state", label: "状态", kind: "many", options: optionsOf(rectificationStates) },
        ...(ofUnit
          ? []
          : [
              {
                key: "unit",
                label: "单位",
                kind: "one" as const,
                options: (units ?? []).map(({ id, name }) => ({ value: id, label: name })),
              },
            ]),
        {
          key: "due",
          label: "期限",
          kind: "days",
          options: [
            { value: "7d", label: "7天内到期" },
            { value: "overdue", label: "已逾期" },
          ],
        },
        { key: "flag", label: "标记", kind: "many", options: optionsOf(rectificationFlags) },
        { key: "only", label: "关注", kind: "many", options: [...onlyWords] },
        {
          key: "focus",
          label: "四个聚焦",
          kind: "one",
          options: (focuses ?? []).map(({ focus, short }) => ({ value: String(focus), label: short })),
        },
        {
          key: "round",
          label: "轮次",
          kind: "one",
          options: (rounds ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
      drawer: (id) => <ItemSummary id={id} />,
      drawerTitle: (_, row) => row && `${row.item.number} ${row.item.unit_name}`,
      href,
      exports: excelExports(
        (ask, form, columns) => exportItems(place, ask, form, columns),
        "台账上报样式：合并单元格、冻结表头与前三列，A3 横向，可再次导入。",
      ),
      empty: ofUnit
        ? "还没有整改事项。反馈意见签收后会自动生成。"
        : "还没有整改事项。反馈意见签收后会自动生成，也可以从 Excel 台账导入。",
      density: "compact",
    };
  }, [office, below, narrow, ofUnit, focuses, units, rounds]);
}

// 问题清单 and cards have one line for a problem; the other lists one for each measure.
function linesOf(item: Item, ask: Ask, narrow: boolean): Line[] {
  if (narrow || ask.tab === "problems" || item.measures.length === 0)
    return [{ item, measure: item.measures[0], of: 1 }];
  return item.measures.map((measure) => ({ item, measure, of: item.measures.length }));
}

const onlyWords = [
  { value: "review", label: "待我审核" },
  { value: "stalled", label: "停滞≥30天" },
  { value: "long", label: "长期整改待复核" },
  { value: "money", label: "涉及金额" },
] as const;

function columns(
  href: (line: Line) => string,
  focuses: readonly { focus: number; short: string }[] | undefined,
): Column<Line>[] {
  // What belongs to the problem shows once over all its measures.
  const problem = (column: Omit<Column<Line>, "mergeBy">): Column<Line> => ({
    ...column,
    mergeBy: ({ item }) => item.id,
  });
  return [
    problem({
      key: "number",
      title: "编号",
      width: 136,
      pinned: true,
      sortable: true,
      card: "title",
      cell: (line) => <NumberCell number={line.item.number} href={href(line)} />,
    }),
    problem({
      key: "text",
      title: "反馈问题",
      width: 226,
      pinned: true,
      card: "title",
      cell: ({ item }) => item.text,
    }),
    { key: "measure", title: "整改措施", width: 236, card: "none", cell: ({ measure }) => measure?.text ?? NO_DATA },
    { key: "leader", title: "责任领导", width: 80, card: "none", cell: ({ measure }) => measure?.leader || NO_DATA },
    {
      key: "department",
      title: "责任科室",
      width: 108,
      card: "none",
      cell: ({ measure }) => measure?.department || NO_DATA,
    },
    {
      key: "measure_due",
      title: "措施期限",
      width: 112,
      card: "none",
      cell: ({ measure }) => <Deadline due={measure?.due_on} />,
    },
    problem({
      key: "left",
      title: "剩余/逾期",
      width: 92,
      cell: ({ item }) => <Standing due={item.due_on} done={item.days_left === null} />,
    }),
    problem({
      key: "state",
      title: "状态",
      width: 128,
      cell: ({ item }) => (
        <>
          <StatusTag words={rectificationStates} state={item.state} />{" "}
          <FlagTags words={rectificationFlags} flags={item.flags} />
        </>
      ),
    }),
    problem({ key: "unit", title: "单位", width: 150, sortable: true, cell: ({ item }) => item.unit_name }),
    problem({
      key: "due",
      title: "整改期限",
      width: 112,
      sortable: true,
      cell: ({ item }) => <Deadline due={item.due_on} />,
    }),
    problem({ key: "progress", title: "进展", width: 220, cell: ({ item }) => item.progress || NO_DATA }),
    problem({
      key: "evidence",
      title: "佐证数",
      width: 72,
      align: "right",
      cell: ({ item }) => <Count n={item.evidence} />,
    }),
    problem({
      key: "amount",
      title: "涉及金额（元）",
      width: 124,
      align: "right",
      cell: ({ item }) => <Money fen={item.amount_fen} />,
    }),
    problem({ key: "review", title: "审核", width: 160, cell: ({ item }) => reviewWords(item.review) || NO_DATA }),
    problem({
      key: "focus",
      title: "四个聚焦",
      width: 130,
      cell: ({ item }) => focusWords(focuses, item.focus),
      card: "none",
    }),
    problem({ key: "category", title: "类别", width: 150, cell: ({ item }) => item.category || NO_DATA, card: "none" }),
    problem({ key: "goal", title: "整改目标", width: 200, hidden: true, cell: ({ item }) => item.goal || NO_DATA }),
    { key: "person", title: "责任人", width: 88, hidden: true, cell: ({ measure }) => measure?.person || NO_DATA },
    { key: "helpers", title: "协作单位", width: 140, hidden: true, cell: ({ measure }) => measure?.helpers || NO_DATA },
    {
      key: "done",
      title: "措施完成",
      width: 80,
      hidden: true,
      cell: ({ measure }) => (measure?.done ? "已完成" : "未完成"),
    },
    {
      key: "measure_progress",
      title: "措施进展",
      width: 200,
      hidden: true,
      cell: ({ measure }) => <Lines text={measure?.progress} />,
    },
    { key: "rules", title: "建章立制", width: 160, hidden: true, cell: ({ measure }) => measure?.rules || NO_DATA },
    problem({
      key: "recovered",
      title: "已追回（元）",
      width: 120,
      align: "right",
      hidden: true,
      cell: ({ item }) => <Money fen={item.recovered_fen} />,
    }),
    problem({
      key: "feedback",
      title: "反馈日期",
      width: 104,
      hidden: true,
      cell: ({ item }) => <Day day={item.feedback_on} />,
    }),
    problem({
      key: "closed",
      title: "销号日期",
      width: 104,
      hidden: true,
      cell: ({ item }) => <Day day={item.closed_on} />,
    }),
    problem({
      key: "changed",
      title: "最近更新",
      width: 130,
      hidden: true,
      sortable: true,
      cell: ({ item }) => (
        <span className="x-number">
          {item.changed_by} {item.changed_at.slice(0, 10)}
        </span>
      ),
    }),
  ];
}
