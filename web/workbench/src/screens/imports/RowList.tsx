import { useQuery } from "@tanstack/react-query";
import { Button, Radio, Segmented } from "antd";
import { type ReactNode, useState } from "react";
import { Deadline, Empty, Lines, Money, Panel, ProblemNotice, StatusTag, useSession } from "@/parts";
import {
  type Answering,
  type Choice,
  choiceWords,
  type Import,
  type ImportRow,
  importRowsQuery,
  resultWords,
  verdictWords,
} from "./data";
import { Question } from "./Question";

type Save = (what: Partial<Answering>) => Promise<boolean>;
type Shown = "open" | "differs" | "all";

/** How many problems show at once. */
const AT_ONCE = 50;

/** The problems of the file one by one: what was read, what is asked, what the office's ledger has, what to do. */
export function RowList({ im, save }: { im: Import; save?: Save }): ReactNode {
  const { office } = useSession();
  const { data: rows, error, refetch } = useQuery(importRowsQuery(office, im.id, im.version));
  const [chosen, setShown] = useState<Shown | null>(null);
  const [upTo, setUpTo] = useState(AT_ONCE);
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!rows) return <p className="x-hint">正在读取各条问题…</p>;
  if (rows.length === 0) return null;
  const fits: Readonly<Record<Shown, readonly ImportRow[]>> = {
    open: rows.filter((row) => row.questions.length > 0 || row.wrong !== ""),
    differs: rows.filter((row) => row.verdict === "changed" || row.verdict === "similar"),
    all: rows,
  };
  const shown = chosen ?? (save && fits.open.length > 0 ? "open" : "all");
  const list = fits[shown];
  return (
    <Panel
      title="逐条核对"
      extra={
        <Segmented<Shown>
          value={shown}
          onChange={(next) => {
            setShown(next);
            setUpTo(AT_ONCE);
          }}
          options={[
            {
              value: "open",
              label: `需要确认 ${fits.open.filter((row) => unanswered(row) > 0 || row.wrong !== "").length}`,
            },
            { value: "differs", label: `与台账不同 ${fits.differs.length}` },
            { value: "all", label: `全部 ${rows.length}` },
          ]}
        />
      }
    >
      {save && shown === "differs" && list.length > 0 && (
        <p className="x-question-ways">
          内容有变化的问题全部：
          <Button onClick={() => void save({ all: { verdict: "changed", choice: "update" } })}>更新</Button>
          <Button onClick={() => void save({ all: { verdict: "changed", choice: "skip" } })}>跳过</Button>
        </p>
      )}
      {list.length === 0 && <Empty>{shown === "open" ? "没有需要确认的问题。" : "没有与台账不同的问题。"}</Empty>}
      <ol className="x-import-rows">
        {list.slice(0, upTo).map((row) => (
          <Row key={row.seq} row={row} save={save} />
        ))}
      </ol>
      {list.length > upTo && <Button onClick={() => setUpTo(upTo + AT_ONCE)}>再显示 {AT_ONCE} 条</Button>}
    </Panel>
  );
}

function unanswered(row: ImportRow): number {
  return row.questions.filter((asked) => !asked.answer).length;
}

function Row({ row, save }: { row: ImportRow; save?: Save }): ReactNode {
  const { office } = useSession();
  const { problem } = row;
  return (
    <li>
      <div className="x-import-row-head">
        <h3>
          {problem.number || row.seq}．{problem.text || "（没有问题内容）"}
        </h3>
        {row.result ? (
          <span>{resultWords[row.result]}</span>
        ) : (
          row.verdict && <StatusTag words={verdictWords} state={row.verdict} />
        )}
        {row.number && <a href={`/w/${office}/ledger/${row.finding}`}>{row.number}</a>}
      </div>
      <p className="x-hint">
        {problem.sheet}!{problem.cell}
        {problem.category && `，${problem.category}`}
        {problem.amount_fen !== null && (
          <>
            ，涉及金额 <Money fen={problem.amount_fen} /> 元
          </>
        )}
      </p>
      <Measures row={row} />
      {save && row.questions.map((asked) => <Question key={asked.id} asked={asked} save={save} />)}
      {(row.reason || (row.wrong && unanswered(row) === 0)) && (
        <p className="x-standing-danger">{row.reason || row.wrong}</p>
      )}
      <Differences row={row} />
      {save && row.choices.length > 1 && (
        <Radio.Group
          aria-label={`第 ${row.seq} 条处理方式`}
          value={row.choice || (row.verdict === "new" ? "add" : "skip")}
          options={row.choices.map((choice) => ({ value: choice, label: choiceWords[choice] }))}
          onChange={(event) => void save({ choices: [{ seq: row.seq, choice: event.target.value as Choice }] })}
        />
      )}
    </li>
  );
}

function Measures({ row }: { row: ImportRow }): ReactNode {
  const { measures } = row.problem;
  if (measures.length === 0) return null;
  return (
    <div className="x-scroll">
      <table className="x-table x-import-measures">
        <thead>
          <tr>
            <th scope="col">整改措施</th>
            <th scope="col">责任领导</th>
            <th scope="col">责任单位</th>
            <th scope="col">配合单位</th>
            <th scope="col">时限</th>
            <th scope="col">进展</th>
          </tr>
        </thead>
        <tbody>
          {measures.map((measure) => (
            <tr key={measure.cell}>
              <td>
                {measure.mark} <Lines text={measure.text} />
              </td>
              <td>{[measure.leader, measure.person].filter(Boolean).join("／") || "--"}</td>
              <td>{measure.department || "--"}</td>
              <td>{measure.helpers.join("、") || "--"}</td>
              <td>
                {measure.due_on ? <Deadline due={measure.due_on} /> : measure.due_text || "--"}
                {measure.kind === "long-term" && "（长期）"}
              </td>
              <td>{[measure.status, measure.progress].filter(Boolean).join("，") || "--"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Differences({ row }: { row: ImportRow }): ReactNode {
  if (row.differences.length === 0) return null;
  return (
    <table className="x-differences">
      <thead>
        <tr>
          <th scope="col">不同之处</th>
          <th scope="col">台账现有</th>
          <th scope="col">文件里的</th>
        </tr>
      </thead>
      <tbody>
        {row.differences.map((each) => (
          <tr key={each.field}>
            <th scope="row">{each.label}</th>
            <td>
              <Lines text={each.old} />
            </td>
            <td>
              <Lines text={each.new} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
