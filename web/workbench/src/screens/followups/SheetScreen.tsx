import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import {
  Compare,
  Day,
  Empty,
  formatRange,
  Instant,
  Lines,
  NO_DATA,
  Notice,
  NumberCell,
  Page,
  Panel,
  ProblemNotice,
  rectificationStates,
  StatusTag,
  useDelayed,
  useRole,
  useSession,
} from "@/parts";
import { type Row, type Sheet, sheetQuery } from "./data";
import { FoundTable } from "./Found";
import { AgreeButton, RecordDialog, ReturnDialog } from "./looking";
import { followUpStates, lookStates, lookVerdicts } from "./words";
import "./followups.css";

/** 对照表 of one unit: feedback, plan, report and reality side by side. */
export default function SheetScreen(): ReactNode {
  const { id, unit } = useParams({ strict: false }) as { id: string; unit: string };
  const { office } = useSession();
  const { data: sheet, error, isPending, refetch } = useQuery(sheetQuery(office, id, unit));
  const waiting = useDelayed(isPending);
  if (!sheet) {
    return (
      <Page title="回头看对照表">
        {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
        {waiting && <p className="x-hint">正在加载…</p>}
      </Page>
    );
  }
  return (
    <Page
      title={sheet.unit_name}
      windowTitle={`${sheet.unit_name} - 回头看对照表`}
      crumb={sheet.unit_name}
      note={
        <>
          {sheet.name}，{formatRange(sheet.starts_on, sheet.ends_on)}，组长 {sheet.leader}{" "}
          <StatusTag words={followUpStates} state={sheet.state} />
        </>
      }
    >
      <Standing sheet={sheet} />
      <Rows sheet={sheet} />
      {sheet.found.length > 0 && (
        <Panel title={`新发现问题（${sheet.found.length}）`}>
          <FoundTable problems={sheet.found} />
        </Panel>
      )}
    </Page>
  );
}

function Standing({ sheet }: { sheet: Sheet }): ReactNode {
  const ofUnit = useRole("UNIT", "HEAD");
  if (sheet.state === "cancelled") return <Notice tone="neutral">已取消：{sheet.reason}</Notice>;
  if (sheet.state === "reported") {
    return (
      <Notice tone="info">
        总体评价：
        <Lines text={sheet.summary} />
      </Notice>
    );
  }
  return ofUnit && <Notice tone="info">请准备以下问题的整改资料。核查结论在报告后显示。</Notice>;
}

type Doing = { row: Row; as: "record" | "return" };

function Rows({ sheet }: { sheet: Sheet }): ReactNode {
  const { office } = useSession();
  const [doing, setDoing] = useState<Doing | null>(null);
  if (sheet.rows.length === 0) return <Empty>通知后列出该单位在原轮次中的全部问题。</Empty>;
  return (
    <>
      <Compare
        heads={["上次反馈", "方案措施", "单位报告", "回头看核查"]}
        rows={sheet.rows.map((row) => ({
          key: row.item.id,
          mark: marked(row),
          title: (
            <>
              <NumberCell number={row.item.number} href={`/w/${office}/ledger/${row.item.id}`} />{" "}
              <StatusTag words={rectificationStates} state={row.item.state} />
              {row.item.closed_on && (
                <span className="x-hint">
                  {" "}
                  <Day day={row.item.closed_on} />
                </span>
              )}
            </>
          ),
          cells: [
            <Lines key="text" text={row.item.text} />,
            <Promised key="plan" row={row} />,
            <Said key="said" row={row} />,
            <Reality key="seen" sheet={sheet} row={row} onDo={(as) => setDoing({ row, as })} />,
          ],
        }))}
      />
      {doing?.as === "record" && doing.row.looked && (
        <RecordDialog sheet={sheet} row={doing.row} looked={doing.row.looked} onClose={() => setDoing(null)} />
      )}
      {doing?.as === "return" && doing.row.looked && (
        <ReturnDialog sheet={sheet} looked={doing.row.looked} onClose={() => setDoing(null)} />
      )}
    </>
  );
}

function marked(row: Row): "danger" | "warning" | undefined {
  if (row.looked?.moved) return "warning";
  const verdict = row.result?.verdict ?? row.looked?.verdict;
  if (verdict === "rebounded" || verdict === "false") return "danger";
  return verdict === "insufficient" ? "warning" : undefined;
}

function Promised({ row }: { row: Row }): ReactNode {
  if (row.item.measures.length === 0) return NO_DATA;
  return (
    <ol className="x-followup-measures">
      {row.item.measures.map((measure) => (
        <li key={measure.id}>
          {measure.text}
          <span className="x-hint">
            {" "}
            {measure.leader} <Day day={measure.due_on} /> {measure.done ? "已完成" : "未完成"}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Said({ row }: { row: Row }): ReactNode {
  const { office } = useSession();
  const { item } = row;
  return (
    <>
      <Lines text={row.statement || item.progress} />
      {item.elsewhere && <p>举一反三：{item.elsewhere}</p>}
      {(item.evidence > 0 || row.handed_at) && (
        <p className="x-hint">
          {item.evidence > 0 && <a href={`/w/${office}/ledger/${item.id}?tab=evidence`}>佐证 {item.evidence} 份</a>}
          {item.evidence > 0 && row.handed_at && "，"}
          {row.handed_at && (
            <>
              提交 <Instant at={row.handed_at} />
            </>
          )}
        </p>
      )}
    </>
  );
}

function Reality({ sheet, row, onDo }: { sheet: Sheet; row: Row; onDo: (as: Doing["as"]) => void }): ReactNode {
  const { looked, result } = row;
  if (!looked) {
    if (!result) return NO_DATA;
    return (
      <>
        <StatusTag words={lookVerdicts} state={result.verdict} />
        <p className="x-lines">{result.fact}</p>
        <p className="x-hint">
          核查 <Day day={result.seen_on} />
          {result.due_on && (
            <>
              ，重新整改，期限 <Day day={result.due_on} />
            </>
          )}
        </p>
      </>
    );
  }
  return (
    <>
      {looked.verdict && looked.state !== "open" && <StatusTag words={lookVerdicts} state={looked.verdict} />}{" "}
      {looked.state !== "agreed" && <StatusTag words={lookStates} state={looked.state} />}
      {looked.moved && <p>事项在核查后有变动，请退回重新核查。</p>}
      {looked.note && <p>退回：{looked.note}</p>}
      {looked.state !== "open" && (
        <>
          <p className="x-lines">{looked.fact}</p>
          <p className="x-hint">
            {[looked.first, looked.second].filter(Boolean).join("、")} <Day day={looked.seen_on} />
            {result?.due_on && (
              <>
                ，重新整改，期限 <Day day={result.due_on} />
              </>
            )}
          </p>
        </>
      )}
      <p className="x-followup-actions">
        {looked.allowed.includes("record") && (
          <button type="button" className="x-plain-button" onClick={() => onDo("record")}>
            {looked.state === "seen" ? "修改结论" : "记录结论"}
          </button>
        )}
        {looked.allowed.includes("agree") && <AgreeButton sheet={sheet} looked={looked} />}
        {looked.allowed.includes("return") && (
          <button type="button" className="x-plain-button" onClick={() => onDo("return")}>
            退回重新核查
          </button>
        )}
      </p>
    </>
  );
}
