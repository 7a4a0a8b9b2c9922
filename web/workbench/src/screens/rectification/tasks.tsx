import { useMemo } from "react";
import {
  type Column,
  Count,
  Deadline,
  excelExports,
  FlagTags,
  Lines,
  type ListSpec,
  NO_DATA,
  NumberCell,
  rectificationFlags,
  rectificationKinds,
  rectificationStates,
  Standing,
  StatusTag,
  useSession,
} from "@/parts";
import { itemHref } from "./addresses";
import { exportTasks, itemsKey, listTasks, type Place, type Task } from "./data";
import { ItemSummary } from "./ItemSummary";
import { type MeasureField, measureBody, measureEdit, type Saves, useSaves } from "./saves";
import { type LedgerParts, tabs } from "./tabs";

/** 任务清单: one row for each measure, with the problem it belongs to. */
export function useTasksSpec({ filters, ofUnit }: LedgerParts): ListSpec<Task> {
  const { office, below } = useSession();
  const saves = useSaves();
  return useMemo<ListSpec<Task>>(() => {
    const place: Place = { office, below };
    const href = ({ item }: Task) => itemHref(place, item);
    return {
      screen: "rectification.ledger",
      caption: "任务清单",
      unit: "项任务",
      queryKey: [...itemsKey, office, below, "tasks"],
      load: (ask, signal) => listTasks(place, ask, signal),
      // The drawer shows the problem, whose key it finds before the dot.
      rowKey: ({ item, id }) => `${item}.${id}`,
      rowName: ({ number, seq }) => `${number} 第 ${seq} 项`,
      columns: taskColumns(href, saves),
      tabs,
      search: "编号、问题、措施、责任人",
      filters,
      drawer: (key) => <ItemSummary id={key.split(".")[0] as string} />,
      drawerTitle: (_, row) => row && `${row.number} ${row.unit_name}`,
      href,
      grid: saves && {
        lineKey: ({ id }) => id,
        lineName: ({ number, seq }) => `${number} 第 ${seq} 项`,
        save: (row, values, version) => saves.measure(row.item, row, measureBody(byField(values)), version),
        refresh: [itemsKey],
        fieldOf,
      },
      exports: excelExports((ask, form, columns) => exportTasks(place, ask, form, columns)),
      empty: ofUnit
        ? "还没有任务。在事项的「措施与任务」中新增措施后会列在这里。"
        : "还没有任务。单位填写整改措施后会列在这里。",
      density: "compact",
    };
  }, [office, below, saves, filters, ofUnit]);
}

// The column of the measure's day has the name that the service sorts by.
function fieldOf(column: string): string {
  return column === "due" ? "due_on" : column;
}

function byField(values: Readonly<Record<string, string>>): Partial<Record<MeasureField, string>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [fieldOf(key), value]));
}

function taskColumns(href: (task: Task) => string, saves: Saves | undefined): Column<Task>[] {
  const edit = (field: MeasureField) =>
    saves &&
    measureEdit<Task>(
      field,
      (task) => task,
      ({ allowed }) => allowed.includes("edit"),
    );
  // What belongs to the problem shows once over neighbouring tasks.
  const problem = ({ item }: Task) => item;
  return [
    {
      key: "number",
      title: "问题编号",
      width: 136,
      pinned: true,
      sortable: true,
      card: "title",
      mergeBy: problem,
      cell: (task) => <NumberCell number={task.number} href={href(task)} />,
    },
    {
      key: "problem",
      title: "反馈问题",
      width: 200,
      card: "none",
      mergeBy: problem,
      cell: ({ problem: text }) => text,
    },
    { key: "seq", title: "任务", width: 56, align: "right", card: "none", cell: ({ seq }) => <Count n={seq} /> },
    {
      key: "text",
      title: "整改措施",
      width: 260,
      card: "title",
      edit: edit("text"),
      cell: ({ text }) => <Lines text={text} />,
    },
    {
      key: "leader",
      title: "责任领导",
      width: 108,
      sortable: true,
      edit: edit("leader"),
      cell: ({ leader }) => leader || NO_DATA,
    },
    {
      key: "department",
      title: "责任科室",
      width: 116,
      sortable: true,
      edit: edit("department"),
      cell: ({ department }) => department || NO_DATA,
    },
    { key: "person", title: "责任人", width: 88, edit: edit("person"), cell: ({ person }) => person || NO_DATA },
    {
      key: "due",
      title: "措施期限",
      width: 112,
      sortable: true,
      edit: edit("due_on"),
      cell: ({ due_on, item_due_on }) =>
        due_on || !item_due_on ? (
          <Deadline due={due_on} />
        ) : (
          <span className="x-hint">
            随问题 <Deadline due={item_due_on} />
          </span>
        ),
    },
    {
      key: "left",
      title: "剩余/逾期",
      width: 92,
      cell: ({ due_on, item_due_on, days_left }) => <Standing due={due_on ?? item_due_on} done={days_left === null} />,
    },
    {
      key: "done",
      title: "完成",
      width: 80,
      edit: edit("done"),
      cell: ({ done }) => (done ? "已完成" : "未完成"),
    },
    {
      key: "progress",
      title: "措施进展",
      width: 220,
      edit: edit("progress"),
      cell: ({ progress }) => <Lines text={progress} />,
    },
    {
      key: "state",
      title: "问题状态",
      width: 128,
      mergeBy: problem,
      cell: ({ state, flags }) => (
        <>
          <StatusTag words={rectificationStates} state={state} /> <FlagTags words={rectificationFlags} flags={flags} />
        </>
      ),
    },
    { key: "unit", title: "单位", width: 150, sortable: true, mergeBy: problem, cell: ({ unit_name }) => unit_name },
    {
      key: "kind",
      title: "整改类型",
      width: 92,
      edit: edit("kind"),
      card: "none",
      cell: ({ kind }) => <StatusTag words={rectificationKinds} state={kind} />,
    },
    {
      key: "helpers",
      title: "协作单位",
      width: 140,
      hidden: true,
      edit: edit("helpers"),
      cell: ({ helpers }) => helpers || NO_DATA,
    },
    {
      key: "rules",
      title: "建章立制",
      width: 180,
      hidden: true,
      edit: edit("rules"),
      cell: ({ rules }) => <Lines text={rules} />,
    },
    {
      key: "evidence",
      title: "佐证数",
      width: 72,
      align: "right",
      hidden: true,
      cell: ({ evidence }) => <Count n={evidence} />,
    },
    {
      key: "remark",
      title: "备注",
      width: 140,
      hidden: true,
      edit: edit("remark"),
      cell: ({ remark }) => <Lines text={remark} />,
    },
  ];
}
