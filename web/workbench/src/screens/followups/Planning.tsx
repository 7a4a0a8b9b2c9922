import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Button, Checkbox, Input, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Count,
  Empty,
  Page,
  Panel,
  ProblemNotice,
  ReadyButton,
  roleNames,
  say,
  today,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { inspectorsQuery } from "../checks/data";
import { roundsQuery } from "../rectification/data";
import { type Drafting, type FollowUp, followUpQuery, followUpsKey, type Proposal, proposalsQuery, step } from "./data";
import "./followups.css";

/** The plan of a follow-up: over which round, when, who looks, whom it takes and why. */
export default function Planning(): ReactNode {
  const { id } = useParams({ strict: false }) as { id?: string };
  const { office } = useSession();
  const known = useQuery(followUpQuery(office, id));
  const rounds = useQuery(roundsQuery({ office, below: undefined }));
  const past = rounds.data?.filter((round) => round.kind !== "followup");
  const title = id ? "修改回头看方案" : "开展回头看";
  const error = known.error ?? rounds.error;
  return (
    <Page title={title} crumb={known.data?.name} note="通知之前，单位看不到此安排">
      {error && <ProblemNotice problem={error} />}
      {past?.length === 0 && <Empty>还没有可以回头看的轮次。反馈问题后再开展回头看。</Empty>}
      {past?.[0] && (id === undefined || known.data) && (
        <Form past={past} first={past[0]} known={known.data} key={known.data?.version} />
      )}
    </Page>
  );
}

interface Fields extends Omit<Drafting, "ends_on"> {
  ends_on: string;
}

function Form({
  past,
  first,
  known,
}: {
  past: readonly { id: string; name: string }[];
  first: { id: string; name: string };
  known: FollowUp | undefined;
}): ReactNode {
  const { office } = useSession();
  const navigate = useNavigate();
  const [form, setForm] = useState<Fields>(() => ({
    round: known?.round ?? first.id,
    name: known?.name ?? `${first.name}回头看`,
    starts_on: known?.starts_on ?? "",
    ends_on: known?.ends_on ?? "",
    leader: known?.leader_id ?? "",
    people: known?.people.map((person) => person.id) ?? [],
    units: known?.units.map((taken) => taken.unit) ?? [],
  }));
  const set = (change: Partial<Fields>) => setForm({ ...form, ...change });
  const write = useWrite({
    run: (version: number, key) => {
      const body = { ...form, ends_on: form.ends_on || undefined };
      return known
        ? answer(api.PATCH("/v1/offices/{office}/followups/{id}", { ...step(office, known.id, version, key), body }))
        : answer(
            api.POST("/v1/offices/{office}/followups", {
              params: { path: { office } },
              headers: { "Idempotency-Key": key },
              body,
            }),
          );
    },
    refresh: [followUpsKey],
    onDone: (saved) => {
      say(`已保存回头看方案：${saved.name}`);
      void navigate({ to: `/w/${office}/followups/${saved.id}` });
    },
  });
  const missing = [
    form.name.trim() === "" && "名称",
    form.starts_on === "" && "开始日期",
    form.people.length < 2 && "两名核查人员",
    (form.leader === "" || !form.people.includes(form.leader)) && "组长",
    form.units.length === 0 && "单位",
  ];
  return (
    <>
      <WriteProblem problem={write.problem} onTheirs={(theirs) => write.send(theirs)} />
      <Panel title="安排">
        <div className="x-form-grid">
          <label htmlFor="followup-round">
            原轮次
            <Select
              id="followup-round"
              value={form.round}
              options={past.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(round: string) =>
                set({ round, units: [], name: `${past.find(({ id }) => id === round)?.name ?? ""}回头看` })
              }
            />
          </label>
          <label className="x-wide" htmlFor="followup-name">
            名称
            <Input
              id="followup-name"
              maxLength={100}
              value={form.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          </label>
          <label htmlFor="followup-from">
            开始日期
            <DayPicker
              id="followup-from"
              min={today()}
              value={form.starts_on}
              onChange={(day) => set({ starts_on: day ?? "" })}
            />
          </label>
          <label htmlFor="followup-to">
            结束日期（可不填）
            <DayPicker
              id="followup-to"
              min={form.starts_on || today()}
              value={form.ends_on}
              onChange={(day) => set({ ends_on: day ?? "" })}
            />
            <span className="x-hint">不填时按本单位规定的天数计算</span>
          </label>
          <PeopleFields
            people={form.people}
            leader={form.leader}
            onChange={(people, leader) => set({ people, leader })}
          />
        </div>
      </Panel>
      <Units round={form.round} chosen={form.units} onChange={(units) => set({ units })} />
      <div className="x-form-actions">
        <Button href={known ? `/w/${office}/followups/${known.id}` : `/w/${office}/followups`}>暂不保存</Button>
        <ReadyButton
          type="primary"
          loading={write.pending}
          what={missing}
          onClick={() => write.send(known?.version ?? 0)}
        >
          保存方案
        </ReadyButton>
      </div>
    </>
  );
}

/** Who looks, and who of them leads: fields of a form's grid. */
export function PeopleFields({
  people,
  leader,
  onChange,
}: {
  people: string[];
  leader: string;
  onChange: (people: string[], leader: string) => void;
}): ReactNode {
  const { office } = useSession();
  const inspectors = useQuery(inspectorsQuery(office));
  const options = (inspectors.data ?? []).map(({ id, name, post, role }) => ({
    value: id,
    label: `${name}（${post || roleNames[role]}）`,
  }));
  return (
    <>
      <label className="x-wide" htmlFor="followup-people">
        核查人员（至少两人）
        <Select
          id="followup-people"
          mode="multiple"
          optionFilterProp="label"
          options={options}
          value={people}
          onChange={(chosen: string[]) => onChange(chosen, chosen.includes(leader) ? leader : "")}
        />
      </label>
      <label htmlFor="followup-leader">
        组长
        <Select
          id="followup-leader"
          options={options.filter(({ value }) => people.includes(value))}
          value={leader || undefined}
          onChange={(chosen: string) => onChange(people, chosen)}
        />
      </label>
      {inspectors.error && <ProblemNotice problem={inspectors.error} />}
    </>
  );
}

function Units({
  round,
  chosen,
  onChange,
}: {
  round: string;
  chosen: string[];
  onChange: (units: string[]) => void;
}): ReactNode {
  const { office } = useSession();
  const { data: units, error, refetch } = useQuery(proposalsQuery(office, round));
  const proposed = units?.filter((unit) => unit.reasons.length > 0) ?? [];
  const toggle = (unit: string, on: boolean) =>
    onChange(on ? [...chosen, unit] : chosen.filter((each) => each !== unit));
  return (
    <Panel
      title={`单位（已选 ${chosen.length} 个）`}
      extra={
        proposed.length > 0 && (
          <button
            type="button"
            className="x-plain-button"
            onClick={() => onChange([...new Set([...chosen, ...proposed.map(({ unit }) => unit)])])}
          >
            采用全部建议（{proposed.length} 个）
          </button>
        )
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {units?.length === 0 && <Empty>该轮次还没有已反馈的问题。</Empty>}
      {units && units.length > 0 && (
        <div className="x-scroll">
          <table className="x-table x-followup-choice">
            <thead>
              <tr>
                <th scope="col">选择</th>
                <th scope="col">单位</th>
                <th scope="col">问题</th>
                <th scope="col">已销号</th>
                <th scope="col">建议理由和依据</th>
              </tr>
            </thead>
            <tbody>
              {units.map((unit) => (
                <tr key={unit.unit}>
                  <td>
                    <Checkbox
                      aria-label={`选择${unit.name}`}
                      checked={chosen.includes(unit.unit)}
                      onChange={(event) => toggle(unit.unit, event.target.checked)}
                    />
                  </td>
                  <td>{unit.name}</td>
                  <td>
                    <Count n={unit.problems} />
                  </td>
                  <td>
                    <Count n={unit.closed} />
                  </td>
                  <td>
                    <Reasons unit={unit} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

/** What speaks for a unit, with the rows behind it. */
function Reasons({ unit }: { unit: Proposal }): ReactNode {
  const { office } = useSession();
  if (unit.reasons.length === 0) return <span className="x-hint">没有建议理由，可以自行选择</span>;
  return unit.reasons.map((reason) => (
    <details key={reason.cause}>
      <summary>{reason.text}</summary>
      <ul className="x-followup-rows">
        {reason.rows.map((row) => (
          <li key={row.id}>
            <a href={`/w/${office}/${row.kind === "item" ? "ledger" : "evaluations"}/${row.id}`}>
              {row.number || "整改成效评估"}
            </a>{" "}
            {row.text}
          </li>
        ))}
      </ul>
    </details>
  ));
}
