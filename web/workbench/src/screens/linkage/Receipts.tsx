import { Button } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import {
  answer,
  api,
  copyText,
  formatInstant,
  Matrix,
  type MatrixCell,
  type MatrixRow,
  Panel,
  ProblemNotice,
  say,
  today,
  useSession,
  useWrite,
} from "@/parts";
import { type NoticeView, type Row, refreshed } from "./data";
import { ReceiveDialog } from "./ReceiveDialog";
import { ReportDialog } from "./ReportDialog";
import { ReviewDialog } from "./ReviewDialog";
import { chaseable, type Node, sumSentences, treeOf } from "./receipts";
import { deliveryStates } from "./words";

const columns = [
  { key: "sent", title: "送达" },
  { key: "received", title: "签收" },
  { key: "reported", title: "自查报告" },
  { key: "found", title: "自查发现", align: "right" as const },
  { key: "corrected", title: "立行立改", align: "right" as const },
  { key: "overdue", title: "逾期", align: "right" as const },
];

type Open = { kind: "review" | "receive" | "report"; row: Row } | null;

/** 回执: who has received, signed and reported, as a tree with subtotals; 催办 for one row or all. */
export function Receipts({
  notice,
  matrix,
}: {
  notice: NoticeView;
  matrix: NonNullable<NoticeView["matrix"]>;
}): ReactNode {
  const { office } = useSession();
  const [open, setOpen] = useState<Open>(null);
  const late = chaseable(matrix.rows);
  const chaser = notice.allowed.includes("remind");
  const remind = useWrite({
    run: (ids: readonly string[], key) =>
      answer(
        api.POST("/v1/offices/{office}/notices/{id}/remind", {
          params: { path: { office, id: notice.id } },
          headers: { "Idempotency-Key": key },
          body: { deliveries: [...ids] },
        }),
      ),
    refresh: refreshed,
    onDone: ({ sent, skipped }) => {
      const rest = skipped.map(({ name, reason }) => `${name}${reason}`).join("，");
      say(`已催办 ${sent} 个单位${rest && `，未处理 ${skipped.length} 个：${rest}`}`);
    },
  });
  const rows = useMemo(
    () =>
      treeOf(matrix.rows).map((node) =>
        matrixRow(node, (row) => (
          <RowActions
            row={row}
            chaser={chaser}
            busy={remind.pending}
            onRemind={() => remind.send([row.id])}
            onOpen={(kind) => setOpen({ kind, row })}
          />
        )),
      ),
    [matrix.rows, chaser, remind.pending, remind.send],
  );
  const sentences = sumSentences(matrix);
  const close = () => setOpen(null);
  return (
    <Panel
      title="回执"
      extra={
        <div className="x-row-actions x-no-print">
          <Button onClick={() => void copyText(sentences.join("；")).then(() => say("已复制文字"))}>复制文字</Button>
          {chaser && late.length > 0 && (
            <Button loading={remind.pending} onClick={() => remind.send(late.map(({ id }) => id))}>
              催办全部未完成（{late.length}）
            </Button>
          )}
        </div>
      }
    >
      <ProblemNotice problem={remind.problem} />
      <ul className="x-sums">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        <li className="x-hint">统计截至 {formatInstant(matrix.as_of)}；上级各行为所辖末级单位合计</li>
      </ul>
      <Matrix caption="通报回执" first="接收单位" columns={columns} rows={rows} />
      {open?.kind === "review" && <ReviewDialog row={open.row} questions={notice.questions} onClose={close} />}
      {open?.kind === "receive" && <ReceiveDialog part={open.row} paper onClose={close} />}
      {open?.kind === "report" && <ReportDialog part={open.row} questions={notice.questions} paper onClose={close} />}
    </Panel>
  );
}

function matrixRow(node: Node, action: (row: Row) => ReactNode): MatrixRow {
  const { row, below, open } = node;
  return {
    key: row.id,
    name: (
      <>
        {row.recipient}
        {!row.leaf && (
          <span className="x-own-part">（本级：{deliveryStates[row.state as keyof typeof deliveryStates]?.text}）</span>
        )}
      </>
    ),
    open,
    cells: row.leaf ? leafCells(row) : sumCells(row),
    children: below.map((each) => matrixRow(each, action)),
    action: action(row),
  };
}

function leafCells(row: Row): MatrixCell[] {
  const late = (days: number): MatrixCell => ({ text: `逾期 ${days} 天`, tone: "danger" });
  const done = (at: string | null, days: number, who = ""): MatrixCell => ({
    text: `${formatInstant(at).slice(0, 10)}${who && ` ${who}`}${days > 0 ? `（迟 ${days} 天）` : ""}`,
  });
  const none: MatrixCell = { text: "--" };
  const received = row.received_at
    ? done(row.received_at, row.receipt_late, row.received_by)
    : row.receipt_late > 0
      ? late(row.receipt_late)
      : none;
  const reported = row.done
    ? done(row.reported_at, row.report_late)
    : row.report_late > 0
      ? late(row.report_late)
      : row.state === "returned"
        ? { text: "退回补查", tone: "warning" as const }
        : none;
  const overdue = !row.done && Math.max(row.received_at ? 0 : row.receipt_late, row.report_late);
  return [
    { text: formatInstant(row.delivered_at).slice(0, 10) },
    received,
    reported,
    row.done ? { text: row.found } : none,
    row.done ? { text: row.corrected } : none,
    overdue ? { text: `${overdue} 天`, tone: "danger" } : none,
  ];
}

function sumCells({ below }: Row): MatrixCell[] {
  if (!below) return [];
  const { sent, received, reported, found, corrected, overdue } = below;
  return [
    { text: sent },
    { text: `${received}/${sent}` },
    { text: `${reported}/${sent}` },
    { text: found },
    { text: corrected },
    overdue > 0 ? { text: overdue, tone: "danger" } : { text: "--" },
  ];
}

function RowActions({
  row,
  chaser,
  busy,
  onRemind,
  onOpen,
}: {
  row: Row;
  chaser: boolean;
  busy: boolean;
  onRemind: () => void;
  onOpen: (kind: "review" | "receive" | "report") => void;
}): ReactNode {
  const may = (act: Row["allowed"][number]) => row.allowed.includes(act);
  const reminded = row.reminded_on === today();
  return (
    <span className="x-row-actions">
      {row.issued_by_us && row.reported_at && (
        <Button size="small" type={may("accept") ? "primary" : "default"} onClick={() => onOpen("review")}>
          {may("accept") ? "审核报告" : "查看报告"}
        </Button>
      )}
      {may("receive") && (
        <Button size="small" onClick={() => onOpen("receive")}>
          录入签收
        </Button>
      )}
      {may("report") && row.unit && (
        <Button size="small" onClick={() => onOpen("report")}>
          录入报告
        </Button>
      )}
      {chaser && !row.done && (
        <Button
          size="small"
          disabled={busy || reminded}
          title={row.reminders > 0 ? `已催办 ${row.reminders} 次，最近 ${row.reminded_on}` : undefined}
          onClick={onRemind}
        >
          {reminded ? "今天已催办" : "催办"}
        </Button>
      )}
    </span>
  );
}
