import { useMemo } from "react";
import {
  type Ask,
  type CellEdit,
  type Column,
  Count,
  Day,
  Deadline,
  excelExports,
  FlagTags,
  Lines,
  type ListSpec,
  Money,
  NO_DATA,
  NumberCell,
  rectificationFlags,
  rectificationKinds,
  rectificationStates,
  Standing,
  StatusTag,
  useRole,
  useSession,
} from "@/parts";
import { urgeAction } from "../reminders/urge";
import { itemHref } from "./addresses";
import { exportItems, type Item, itemsKey, listItems, type Measure, type Place } from "./data";
import { exportCatalogue } from "./evidence";
import { ItemSummary } from "./ItemSummary";
import { type MeasureField, measureBody, measureEdit, type Saves, useSaves } from "./saves";
import { type LedgerParts, tabs } from "./tabs";
import { focusWords, reviewWords } from "./words";

/** A line of the ledger: a problem with one of its measures. A problem with several has several lines. */
interface Line {
  item: Item;
  measure?: Measure;
}

const problemColumns = [
  "number",
  "text",
  "unit",
  "kind",
  "due",
  "left",
  "state",
  "amount",
  "recovered",
  "rules_made",
  "rules_amended",
  "people_dealt",
  "elsewhere",
  "evidence",
  "review",
  "category",
  "goal",
] as const;

/** 总台账 and 问题清单: one line for each measure, and one for each problem. */
export function useProblemsSpec({ filters, focuses, ofUnit }: LedgerParts, narrow: boolean): ListSpec<Line> {
  const { office, below } = useSession();
  const urges = useRole("OFF", "DIR", "CITY", "PROV") && below === undefined;
  const saves = useSaves();
  return useMemo<ListSpec<Line>>(() => {
    const place: Place = { office, below };
    const href = ({ item }: Line) => itemHref(place, item.id);
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
      columns: columns(href, focuses, saves),
      tabs: tabs.map((tab) => (tab.key === "problems" ? { ...tab, columns: problemColumns } : tab)),
      search: "编号、问题、措施、责任人",
      filters,
      drawer: (id) => <ItemSummary id={id} />,
      drawerTitle: (_, row) => row && `${row.item.number} ${row.item.unit_name}`,
      href,
      grid: saves && {
        lineKey: ({ item, measure }) => `${item.id} ${measure?.id ?? ""}`,
        lineName: ({ item, measure }) => (measure ? `${item.number} 第 ${measure.seq} 项` : item.number),
        save: (line, values, version) => saveLine(saves, line, values, version),
        refresh: [itemsKey],
        fieldOf: (column) => measureFields[column] ?? column,
      },
      bulk: [
        ...(urges ? [urgeAction<Line>(office, ({ item }) => item)] : []),
        {
          key: "evidence",
          label: "批量导出佐证目录",
          run: async (lines) => {
            await exportCatalogue(
              place,
              lines.map(({ item }) => item.id),
            );
            return { done: lines.length, failed: [] };
          },
        },
      ],
      exports: excelExports(
        (ask, form, columns) => exportItems(place, ask, form, columns),
        "台账上报样式：合并单元格、冻结表头与前三列，A3 横向，可再次导入。",
      ),
      empty: ofUnit
        ? "还没有整改事项。反馈意见签收后会自动生成。"
        : "还没有整改事项。反馈意见签收后会自动生成，也可以从 Excel 台账导入。",
      density: "compact",
    };
  }, [office, below, narrow, saves, focuses, filters, ofUnit, urges]);
}

// 问题清单 and cards have one line for a problem; the other lists one for each measure.
function linesOf(item: Item, ask: Ask, narrow: boolean): Line[] {
  if (narrow || ask.tab === "problems" || item.measures.length === 0) return [{ item, measure: item.measures[0] }];
  return item.measures.map((measure) => ({ item, measure }));
}

/** The columns that belong to the measure, by its fields; the others are the problem's. */
const measureFields: Readonly<Record<string, MeasureField>> = {
  measure: "text",
  leader: "leader",
  department: "department",
  measure_due: "due_on",
  person: "person",
  helpers: "helpers",
  done: "done",
  measure_progress: "progress",
  rules: "rules",
};

// The problem's cells and the measure's are two rows for the service, each with a version of its own.
async function saveLine(
  saves: Saves,
  { item, measure }: Line,
  values: Readonly<Record<string, string>>,
  version?: number,
): Promise<void> {
  const cells = Object.entries(values);
  const ofMeasure = cells.flatMap(([key, value]) => (measureFields[key] ? [[measureFields[key], value] as const] : []));
  const ofItem = cells.filter(([key]) => measureFields[key] === undefined);
  if (ofMeasure.length > 0 && measure)
    await saves.measure(item.id, measure, measureBody(Object.fromEntries(ofMeasure)), version);
  if (ofItem.length > 0) await saves.item(item, Object.fromEntries(ofItem), version);
}

function columns(
  href: (line: Line) => string,
  focuses: readonly { focus: number; short: string }[] | undefined,
  saves: Saves | undefined,
): Column<Line>[] {
  const can = ({ item }: Line) => item.allowed.includes("edit");
  const measureCell = (key: string) =>
    saves && measureEdit<Line>(measureFields[key] as MeasureField, (line) => line.measure, can);
  const itemCell = (field: "progress" | "goal" | "elsewhere"): CellEdit<Line> | undefined =>
    saves && { can, kind: "lines", limit: 2000, text: ({ item }) => item[field] };

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
    {
      key: "measure",
      title: "整改措施",
      width: 236,
      card: "none",
      edit: measureCell("measure"),
      cell: ({ measure }) => measure?.text ?? NO_DATA,
    },
    {
      key: "leader",
      title: "责任领导",
      width: 96,
      card: "none",
      edit: measureCell("leader"),
      cell: ({ measure }) => measure?.leader || NO_DATA,
    },
    {
      key: "department",
      title: "责任科室",
      width: 108,
      card: "none",
      edit: measureCell("department"),
      cell: ({ measure }) => measure?.department || NO_DATA,
    },
    {
      key: "measure_due",
      title: "措施期限",
      width: 112,
      card: "none",
      edit: measureCell("measure_due"),
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
    problem({
      key: "progress",
      title: "进展",
      width: 220,
      edit: itemCell("progress"),
      cell: ({ item }) => item.progress || NO_DATA,
    }),
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
    problem({
      key: "goal",
      title: "整改目标",
      width: 200,
      hidden: true,
      edit: itemCell("goal"),
      cell: ({ item }) => item.goal || NO_DATA,
    }),
    {
      key: "person",
      title: "责任人",
      width: 88,
      hidden: true,
      edit: measureCell("person"),
      cell: ({ measure }) => measure?.person || NO_DATA,
    },
    {
      key: "helpers",
      title: "协作单位",
      width: 140,
      hidden: true,
      edit: measureCell("helpers"),
      cell: ({ measure }) => measure?.helpers || NO_DATA,
    },
    {
      key: "done",
      title: "措施完成",
      width: 80,
      hidden: true,
      edit: measureCell("done"),
      cell: ({ measure }) => (measure?.done ? "已完成" : "未完成"),
    },
    {
      key: "measure_progress",
      title: "措施进展",
      width: 200,
      hidden: true,
      edit: measureCell("measure_progress"),
      cell: ({ measure }) => <Lines text={measure?.progress} />,
    },
    {
      key: "rules",
      title: "建章立制",
      width: 160,
      hidden: true,
      edit: measureCell("rules"),
      cell: ({ measure }) => measure?.rules || NO_DATA,
    },
    problem({
      key: "recovered",
      title: "已追回（元）",
      width: 120,
      align: "right",
      hidden: true,
      cell: ({ item }) => <Money fen={item.recovered_fen} />,
    }),
    problem({
      key: "kind",
      title: "整改类型",
      width: 92,
      hidden: true,
      cell: ({ item }) => <StatusTag words={rectificationKinds} state={item.kind} />,
    }),
    ...(
      [
        ["rules_made", "新建制度（项）"],
        ["rules_amended", "修订制度（项）"],
        ["people_dealt", "问责（人）"],
      ] as const
    ).map(([key, title]) =>
      problem({
        key,
        title,
        width: 104,
        align: "right",
        hidden: true,
        card: "none",
        cell: ({ item }) => <Count n={item[key]} />,
      }),
    ),
    problem({
      key: "elsewhere",
      title: "举一反三",
      width: 220,
      hidden: true,
      edit: itemCell("elsewhere"),
      cell: ({ item }) => <Lines text={item.elsewhere} />,
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
