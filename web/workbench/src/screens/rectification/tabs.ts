import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  type Filter,
  optionsOf,
  rectificationFlags,
  rectificationKinds,
  rectificationStates,
  type Tab,
  useSession,
} from "@/parts";
import { dutiesQuery, focusesQuery, roundsQuery, unitsQuery } from "./data";

/** The lists of the ledger: one record, looked at by problem, by task and by who is responsible. */
export const tabs: readonly Tab[] = [
  { key: "all", label: "总台账" },
  { key: "problems", label: "问题清单" },
  { key: "tasks", label: "任务清单" },
  { key: "duties", label: "责任清单" },
];

/** What a filter says for a leader or a department that is not named. */
export const nobody = "-";

/** What the lists share. */
export interface LedgerParts {
  filters: readonly Filter[];
  focuses: readonly { focus: number; short: string }[] | undefined;
  ofUnit: boolean;
}

const onlyWords = [
  { value: "review", label: "待我审核" },
  { value: "stalled", label: "停滞≥30天" },
  { value: "long", label: "长期整改待复核" },
  { value: "money", label: "涉及金额" },
] as const;

/** The filters of all lists of the ledger; those of tasks have one more. */
export function useLedgerParts(tab: string): LedgerParts {
  const { office, below, identity } = useSession();
  const ofUnit = identity.unit !== undefined;
  const place = useMemo(() => ({ office, below }), [office, below]);
  const focuses = useQuery(focusesQuery(office)).data;
  const units = useQuery(unitsQuery(place)).data;
  const rounds = useQuery(roundsQuery(place)).data;
  const duties = useQuery(dutiesQuery(place)).data;
  const ofMeasures = tab === "tasks" || tab === "duties";
  return useMemo(() => {
    const names = (of: readonly string[]) =>
      [...new Set(of)].map((name) =>
        name === "" ? { value: nobody, label: "（未明确）" } : { value: name, label: name },
      );
    const filters: Filter[] = [
      { key: "state", label: ofMeasures ? "问题状态" : "状态", kind: "many", options: optionsOf(rectificationStates) },
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
        label: ofMeasures ? "措施期限" : "期限",
        kind: "days",
        options: [
          { value: "7d", label: "7天内到期" },
          { value: "overdue", label: "已逾期" },
          { value: "overdue-30", label: "逾期30天及以上" },
        ],
      },
      { key: "kind", label: "整改类型", kind: "many", options: optionsOf(rectificationKinds) },
      ...(ofMeasures
        ? [
            {
              key: "done",
              label: "完成",
              kind: "one" as const,
              options: [
                { value: "true", label: "已完成" },
                { value: "false", label: "未完成" },
              ],
            },
          ]
        : []),
      { key: "leader", label: "责任领导", kind: "one", options: names((duties ?? []).map(({ leader }) => leader)) },
      {
        key: "department",
        label: "责任科室",
        kind: "one",
        options: names((duties ?? []).map(({ department }) => department)),
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
    ];
    return { filters, focuses, ofUnit };
  }, [ofMeasures, ofUnit, units, focuses, rounds, duties]);
}
