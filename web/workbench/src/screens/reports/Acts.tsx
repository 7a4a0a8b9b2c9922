import { useQuery } from "@tanstack/react-query";
import { Button, Input, Radio, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Day,
  Empty,
  Missing,
  Page,
  Panel,
  ProblemNotice,
  say,
  today,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { latestRound, roundsQuery } from "../rectification/data";
import { type Act, type ActKind, actsQuery, reportsKey } from "./data";
import { actNames, entered } from "./words";
import "./reports.css";

/** 主要负责人工作记录: entered when it happens, counted in the head's report. */
export default function Acts(): ReactNode {
  const session = useSession();
  const { office } = session;
  const { data: rounds, error } = useQuery(roundsQuery(session));
  const [chosen, setChosen] = useState<string>();
  const round = chosen ?? latestRound(rounds)?.id;
  return (
    <Page
      title="主要负责人工作记录"
      width="reading"
      note="部署、过问、协调、督办、批示在发生时登记；签署方案和申请、民主生活会由系统自动计入"
      actions={<Button href={`/w/${office}/reports`}>整改报告</Button>}
    >
      {error && <ProblemNotice problem={error} />}
      {rounds && rounds.length > 1 && (
        <Select
          aria-label="轮次"
          className="x-report-round"
          value={round}
          options={rounds.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setChosen}
        />
      )}
      {round && <Enter key={round} round={round} />}
      {round && <ActList round={round} />}
    </Page>
  );
}

function Enter({ round }: { round: string }): ReactNode {
  const { office } = useSession();
  const [kind, setKind] = useState<(typeof entered)[number] | null>(null);
  const [on, setOn] = useState<string | null>(today());
  const [subject, setSubject] = useState("");
  const write = useWrite({
    run: (body: { kind: (typeof entered)[number]; on: string; subject: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/head-acts", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: { round, ...body },
        }),
      ),
    refresh: [reportsKey],
    onDone: (_, { kind }) => {
      say(`已登记：${actNames[kind]}`);
      setSubject("");
      setKind(null);
    },
  });
  const missing = [kind === null && "方式", on === null && "日期", subject.trim() === "" && "事项"];
  return (
    <Panel title="登记">
      <WriteProblem problem={write.problem} />
      <div className="x-form-column">
        <Radio.Group
          aria-label="方式"
          value={kind}
          onChange={(event) => setKind(event.target.value)}
          options={entered.map((value) => ({ value, label: actNames[value] }))}
        />
        <label htmlFor="act-on">
          日期
          <DayPicker id="act-on" max={today()} value={on} onChange={setOn} />
        </label>
        <label htmlFor="act-subject">
          事项（就什么、要求什么）
          <Input.TextArea
            id="act-subject"
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={500}
            value={subject}
            onChange={(event) => setSubject(event.target.value)}
          />
        </label>
        <div className="x-form-actions">
          <Missing what={missing} />
          <Button
            type="primary"
            loading={write.pending}
            disabled={missing.some((each) => each !== false)}
            onClick={() => kind && on && write.send({ kind, on, subject })}
          >
            登记
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function ActList({ round }: { round: string }): ReactNode {
  const { office } = useSession();
  const { data: acts, error, refetch } = useQuery(actsQuery(office, round));
  const withdraw = useWrite({
    run: (id: string, key) =>
      answer(
        api.POST("/v1/offices/{office}/head-acts/{id}/withdraw", {
          params: { path: { office, id } },
          headers: { "Idempotency-Key": key },
        }),
      ),
    refresh: [reportsKey],
    onDone: () => say("已撤销登记"),
  });
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!acts) return null;
  return (
    <Panel title={`记录（${acts.length}）`} extra={<span className="x-hint">{tally(acts)}</span>}>
      <WriteProblem problem={withdraw.problem} />
      {acts.length === 0 && <Empty>还没有记录。登记后会自动计入主要负责人组织整改情况报告。</Empty>}
      <ul className="x-report-acts">
        {[...acts].reverse().map((act) => (
          <li key={act.id ?? `${act.on} ${act.kind} ${act.subject}`}>
            <Day day={act.on} /> <strong>{actNames[act.kind]}</strong>
            <span className="x-report-act">
              {act.subject} {act.number && <span className="x-hint">{act.number}</span>}
            </span>
            {act.id ? (
              <button type="button" className="x-plain-button" onClick={() => act.id && withdraw.send(act.id)}>
                撤销登记<span className="x-hidden">{act.subject}</span>
              </button>
            ) : (
              <span className="x-hint">系统记录</span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** 「亲自部署 1，督办 2」 */
function tally(acts: readonly Act[]): string {
  return (Object.keys(actNames) as ActKind[])
    .map((kind) => [actNames[kind], acts.filter((act) => act.kind === kind).length] as const)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${name} ${n}`)
    .join("，");
}
