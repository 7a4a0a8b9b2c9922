import { useQuery } from "@tanstack/react-query";
import { Input, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  CheckAnswers,
  ifMatch,
  Missing,
  Panel,
  say,
  today,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { resultAnswers } from "./Confirming";
import { type Evaluation, evaluationsKey, rowsQuery } from "./data";

/** Makes a result known; a low grade brings a second rectification. */
export function Announce({ one, onBack }: { one: Evaluation; onBack: () => void }): ReactNode {
  const { office } = useSession();
  const { data: rows } = useQuery(rowsQuery(office, one.id));
  const low = one.card.second.includes(one.sheet?.score.grade ?? "");
  const [due, setDue] = useState<string | null>(() => inDays(one.card.second_days));
  const [text, setText] = useState("对照扣分事项逐项整改，完成后报告结果并附佐证。");
  const [chosen, setChosen] = useState<string[] | null>(null);
  const named = [
    ...new Set(
      (one.sheet?.entries ?? [])
        .flatMap(({ links }) => links)
        .filter(isItem)
        .map(({ id }) => id),
    ),
  ];
  const vetoed = (one.sheet?.score.vetoes ?? []).flatMap((veto) => veto.rows.map(({ id }) => id));
  const items = chosen ?? [...new Set([...vetoed, ...named])];
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/evaluations/{id}/announce", {
          params: { path: { office, id: one.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: low && due ? { second: { text, items, due_on: due } } : {},
        }),
      ),
    refresh: [evaluationsKey, ["tasks"]],
    onDone: () => {
      say(`已通报：${one.unit_name}${low ? "，已责令二次整改" : ""}`);
      onBack();
    },
  });
  const missing = low ? [due === null && "期限", text.trim() === "" && "要求", items.length === 0 && "整改事项"] : [];
  const ready = missing.every((each) => each === false);
  return (
    <>
      {low && (
        <Panel title="二次整改">
          <div className="x-form-column">
            <label htmlFor="second-text">
              整改要求
              <Input.TextArea
                id="second-text"
                autoSize={{ minRows: 2, maxRows: 8 }}
                maxLength={2000}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            </label>
            <label htmlFor="second-items">
              整改事项
              <Select
                id="second-items"
                mode="multiple"
                optionFilterProp="label"
                maxTagCount={12}
                value={items}
                options={rows?.filter(isItem).map((row) => ({ value: row.id, label: `${row.number} ${row.text}` }))}
                onChange={setChosen}
              />
            </label>
            <label htmlFor="second-due">
              期限
              <DayPicker id="second-due" min={today()} value={due} onChange={setDue} />
            </label>
          </div>
          <Missing what={missing} />
        </Panel>
      )}
      <CheckAnswers
        answers={[{ label: "单位", value: `${one.unit_name}，${one.round_name}` }, ...resultAnswers(one)]}
        consequence="通报后单位和上级可见，不能撤回；出现新的事实时另行重新评估。"
        action="通报"
        onBack={onBack}
        onConfirm={() => ready && write.send(one.version)}
        pending={write.pending}
        problem={<WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />}
      />
    </>
  );
}

function isItem({ kind }: { kind: string }): boolean {
  return kind === "item";
}

function inDays(days: number): string {
  const day = new Date(`${today()}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}
