import { useMemo } from "react";
import { Count, Day, excelExports, type ListSpec, useSession } from "@/parts";
import { type Duty, exportDuties, itemsKey, listDuties, type Place } from "./data";
import { type LedgerParts, nobody, tabs } from "./tabs";

/** 责任清单: what each leader of a unit has to see to in each department. A row opens its tasks. */
export function useDutiesSpec({ filters, ofUnit }: LedgerParts): ListSpec<Duty> {
  const { office, below } = useSession();
  return useMemo<ListSpec<Duty>>(() => {
    const place: Place = { office, below };
    const tasksOf = (duty: Duty, more: Record<string, string> = {}) =>
      `/w/${office}/ledger?${new URLSearchParams({
        ...(below && { below }),
        tab: "tasks",
        ...(!ofUnit && { unit: duty.unit }),
        leader: listed(duty.leader),
        department: listed(duty.department),
        ...more,
      })}`;
    const count = (duty: Duty, n: number, more: Record<string, string>) =>
      n === 0 ? (
        <Count n={n} />
      ) : (
        <a href={tasksOf(duty, more)}>
          <Count n={n} />
        </a>
      );
    return {
      screen: "rectification.ledger",
      caption: "责任清单",
      unit: "项责任",
      queryKey: [...itemsKey, office, below, "duties"],
      load: (ask, signal) => listDuties(place, ask, signal),
      rowKey: ({ unit, leader, department }) => `${unit} ${leader} ${department}`,
      rowName: (duty) => `${duty.unit_name} ${named(duty.leader)} ${named(duty.department)}`,
      columns: [
        ...(ofUnit
          ? []
          : [
              {
                key: "unit",
                title: "单位",
                width: 200,
                sortable: true,
                card: "title" as const,
                mergeBy: ({ unit }: Duty) => unit,
                cell: ({ unit_name }: Duty) => unit_name,
              },
            ]),
        {
          key: "leader",
          title: "责任领导",
          width: 130,
          pinned: true,
          sortable: true,
          card: "title",
          mergeBy: ({ unit, leader }) => `${unit} ${leader}`,
          cell: ({ leader }) => named(leader),
        },
        {
          key: "department",
          title: "责任科室",
          width: 220,
          sortable: true,
          card: "title",
          cell: (duty) => <a href={tasksOf(duty)}>{named(duty.department)}</a>,
        },
        {
          key: "problems",
          title: "问题数",
          width: 90,
          align: "right",
          cell: ({ problems }) => <Count n={problems} />,
        },
        {
          key: "tasks",
          title: "任务数",
          width: 90,
          align: "right",
          sortable: true,
          cell: (duty) => count(duty, duty.tasks, {}),
        },
        {
          key: "done",
          title: "已完成",
          width: 90,
          align: "right",
          cell: (duty) => count(duty, duty.done, { done: "true" }),
        },
        {
          key: "overdue",
          title: "已逾期",
          width: 90,
          align: "right",
          sortable: true,
          cell: (duty) =>
            duty.overdue > 0 ? (
              <span className="x-standing-danger">{count(duty, duty.overdue, { due: "overdue" })}</span>
            ) : (
              count(duty, 0, {})
            ),
        },
        { key: "next", title: "最近期限", width: 120, sortable: true, cell: ({ next_due }) => <Day day={next_due} /> },
      ],
      tabs,
      search: "编号、问题、措施、责任人",
      filters,
      href: (duty) => tasksOf(duty),
      exports: excelExports((ask, form, columns) => exportDuties(place, ask, form, columns)),
      empty: "还没有责任分工。填写整改措施的责任领导、责任科室后会列在这里。",
      density: "compact",
    };
  }, [office, below, ofUnit, filters]);
}

function named(name: string): string {
  return name || "（未明确）";
}

// Values stand in an address as those of filters do: commas part them.
function listed(name: string): string {
  return name === "" ? nobody : name.replace(/[\\,]/g, "\\$&");
}
