import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useMemo, useRef, useState } from "react";
import {
  answer,
  api,
  type BulkOutcome,
  type Column,
  eachRow,
  excelExports,
  formatDay,
  ifMatch,
  type ListSpec,
  ListView,
  NO_DATA,
  NumberCell,
  newKey,
  optionsOf,
  Page,
  rectificationStates,
  StatusTag,
  useRole,
  useSession,
} from "@/parts";
import { roundsQuery, unitsQuery } from "../rectification/data";
import { AssignDialog, type Assigning } from "./AssignDialog";
import { type Cell, checksKey, checksQuery, exportMatrix, listRows, type Row } from "./data";
import { OpenDialog } from "./OpenDialog";
import { Visits } from "./Visits";
import { checkOutcomes, checkVerdicts, roundWord, visitStates } from "./words";
import "./checks.css";

/** 督导检查 (S18): problems by rounds of checks. */
export default function Checks(): ReactNode {
  const { office } = useSession();
  const opener = useRole("OFF", "DIR");
  const checks = useQuery(checksQuery(office));
  const [opening, setOpening] = useState(false);
  const asking = useAsking();
  const spec = useMatrix(opener, asking.ask);
  const last = checks.data?.[0];
  return (
    <Page
      title="督导检查"
      width="list"
      note={
        last &&
        `${last.round_name}${roundWord(last.n)}：${last.counts.visits} 项，待检查 ${last.counts.waiting} 项（未指派 ${last.counts.unassigned} 项），待确认 ${last.counts.reported} 项，已确认 ${last.counts.checked} 项`
      }
      actions={
        <>
          {last && <Button href={`/w/${office}/checks/report`}>检查报告</Button>}
          {opener && (
            <Button type="primary" onClick={() => setOpening(true)}>
              开展督导检查
            </Button>
          )}
        </>
      }
    >
      <ListView spec={spec} />
      {opening && <OpenDialog onClose={() => setOpening(false)} />}
      {asking.waiting && <AssignDialog count={asking.waiting.count} onDone={asking.waiting.done} />}
    </Page>
  );
}

/** Asks who goes and when, in the middle of a bulk action. */
function useAsking() {
  const [waiting, setWaiting] = useState<{ count: number; done: (chosen: Assigning | null) => void } | null>(null);
  const ask = useRef(
    (count: number) =>
      new Promise<Assigning | null>((resolve) =>
        setWaiting({
          count,
          done: (chosen) => {
            setWaiting(null);
            resolve(chosen);
          },
        }),
      ),
  );
  return { waiting, ask: ask.current };
}

function useMatrix(opener: boolean, ask: (count: number) => Promise<Assigning | null>): ListSpec<Row> {
  const { office } = useSession();
  const units = useQuery(unitsQuery({ office, below: undefined })).data;
  const rounds = useQuery(roundsQuery({ office, below: undefined })).data;
  return useMemo<ListSpec<Row>>(
    () => ({
      screen: "rectification.checks",
      caption: "督导检查情况表",
      unit: "个问题",
      queryKey: [...checksKey, office, "matrix"],
      load: (asked, signal) => listRows(office, asked, signal),
      rowKey: (row) => row.finding,
      rowName: (row) => row.number,
      href: (row) => `/w/${office}/ledger/${row.finding}`,
      columns: columns(office),
      filters: [
        {
          key: "n",
          label: "检查轮次",
          kind: "one",
          options: [1, 2, 3].map((n) => ({ value: String(n), label: roundWord(n) })),
        },
        { key: "verdict", label: "结论", kind: "one", options: optionsOf(checkVerdicts) },
        {
          key: "unit",
          label: "单位",
          kind: "one",
          options: (units ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
        {
          key: "round",
          label: "巡察轮次",
          kind: "one",
          options: (rounds ?? []).map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
      drawer: (finding) => <Visits finding={finding} />,
      drawerTitle: (_, row) => row && `${row.number} ${row.unit_name}`,
      bulk: opener
        ? [{ key: "assign", label: "指派检查人", run: (rows, progress) => assignAll(office, rows, ask, progress) }]
        : undefined,
      exports: excelExports(
        (asked, form, keys) => exportMatrix(office, asked, form, keys),
        "问题与三轮结论对照，冻结编号与单位，A3 横向。",
      ),
      empty: "先选择检查轮次与抽样比例。开展督导检查后，抽取的问题会列在这里。",
    }),
    [office, opener, ask, units, rounds],
  );
}

/** Names the inspectors of all selected problems that still wait for their visit. */
async function assignAll(
  office: string,
  rows: readonly Row[],
  ask: (count: number) => Promise<Assigning | null>,
  progress: (done: number) => void,
): Promise<BulkOutcome> {
  const naming = { key: (row: Row) => row.finding, name: (row: Row) => row.number };
  const chosen = await ask(rows.length);
  if (chosen === null) {
    return { done: 0, failed: rows.map((row) => ({ key: row.finding, name: row.number, reason: "暂不指派" })) };
  }
  return eachRow(
    rows,
    naming,
    (row) => {
      const cell = latest(row);
      return answer(
        api.POST("/v1/offices/{office}/visits/{id}/assign", {
          params: { path: { office, id: cell.visit } },
          headers: { ...ifMatch(cell.version), "Idempotency-Key": newKey() },
          body: chosen,
        }),
      );
    },
    progress,
  );
}

function latest(row: Row): Cell {
  return row.cells.reduce((last, cell) => (cell.n > last.n ? cell : last));
}

function columns(office: string): Column<Row>[] {
  return [
    {
      key: "number",
      title: "编号",
      width: 136,
      pinned: true,
      card: "title",
      cell: (row) => <NumberCell number={row.number} href={`/w/${office}/ledger/${row.finding}?tab=checks`} />,
    },
    { key: "unit", title: "单位", width: 150, cell: (row) => row.unit_name },
    { key: "text", title: "反馈问题", width: 250, card: "title", cell: (row) => row.text },
    {
      key: "state",
      title: "整改状态",
      width: 96,
      cell: (row) => <StatusTag words={rectificationStates} state={row.case_state} />,
    },
    ...[1, 2, 3].map((n) => ({
      key: `round${n}`,
      title: roundWord(n),
      width: 148,
      cell: (row: Row) => <VisitCell cell={row.cells.find((cell) => cell.n === n)} />,
    })),
  ];
}

function VisitCell({ cell }: { cell: Cell | undefined }): ReactNode {
  if (!cell) return NO_DATA;
  const open = cell.state !== "confirmed";
  return (
    <span className="x-check-cell">
      <span>
        {cell.verdict && <StatusTag words={checkVerdicts} state={cell.verdict} />}{" "}
        {open && <StatusTag words={visitStates} state={cell.state} />}{" "}
        {!open && cell.outcome !== "none" && <StatusTag words={checkOutcomes} state={cell.outcome} />}
        {cell.nth === 2 && " 复核"}
      </span>
      <span className="x-hint">{cell.inspectors || "未指派"}</span>
      <span className="x-hint x-number">
        {cell.visited_at ? formatDay(cell.visited_at.slice(0, 10)) : cell.planned_on && `计划 ${cell.planned_on}`}
        {cell.photos > 0 && ` 照片 ${cell.photos} 张`}
      </span>
    </span>
  );
}
