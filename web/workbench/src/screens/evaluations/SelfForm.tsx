import { Button, Input, InputNumber, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  formatInstant,
  ifMatch,
  Notice,
  Panel,
  say,
  useKeys,
  useLeaveGuard,
  useLocalDraft,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { type Evaluation, evaluationsKey, formatPoints } from "./data";

type Mark = Evaluation["self"][number];

interface Form {
  marks: Mark[];
  note: string;
}

/** What the unit thinks of itself, aspect by aspect. Typed text stays in this browser until it is saved. */
export function SelfForm({ one }: { one: Evaluation }): ReactNode {
  const { office } = useSession();
  const local = useLocalDraft<Form>(`evaluation:${one.id}`);
  const saved: Form = { marks: one.self, note: one.self_note };
  const [form, setForm] = useState<Form>(() => local.draft?.value ?? saved);
  const [restored, setRestored] = useState(local.draft !== null);
  const dirty = JSON.stringify(form) !== JSON.stringify(saved);
  useLeaveGuard(dirty);
  const change = (next: Form) => {
    setForm(next);
    local.keep(next);
  };
  const write = useWrite({
    run: (body: { form: Form; version: number }) =>
      answer(
        api.PATCH("/v1/offices/{office}/evaluations/{id}/self", {
          params: { path: { office, id: one.id } },
          headers: ifMatch(body.version),
          body: body.form,
        }),
      ),
    refresh: [evaluationsKey],
    onDone: () => {
      setRestored(false);
      local.drop();
      say("已保存自评");
    },
  });
  const save = (version = one.version) => write.send({ form, version });
  useKeys({ "Ctrl+S": () => save() });
  const byGrades = one.card.kind === "grades";
  const set = (aspect: string, part: Partial<Mark>) => {
    const old = form.marks.find((mark) => mark.aspect === aspect) ?? { aspect, points: 0, grade: "", note: "" };
    change({ ...form, marks: [...form.marks.filter((mark) => mark.aspect !== aspect), { ...old, ...part }] });
  };
  return (
    <Panel title="本单位自评">
      {restored && <Notice tone="info">已恢复本机草稿（{formatInstant(local.draft?.at)}），尚未保存。</Notice>}
      <WriteProblem
        problem={write.problem}
        mine={{ self: form.marks, self_note: form.note }}
        fields={[["self_note", "自评说明"]]}
        onTheirs={save}
        retry={() => save()}
      />
      {one.card.aspects.map(({ key, name, weight }) => {
        const mark = form.marks.find((each) => each.aspect === key);
        return (
          <div key={key} className="x-evaluation-self">
            <label htmlFor={`self-${key}`}>
              {name}
              {byGrades ? (
                <Select
                  id={`self-${key}`}
                  value={mark?.grade || undefined}
                  placeholder="选择等次"
                  options={one.card.grades.map((grade) => ({ value: grade.name, label: grade.name }))}
                  onChange={(grade) => set(key, { grade })}
                />
              ) : (
                <InputNumber
                  id={`self-${key}`}
                  style={{ width: "100%" }}
                  min={0}
                  max={weight / 10}
                  step={0.5}
                  precision={1}
                  suffix={`/ ${formatPoints(weight)} 分`}
                  value={mark ? mark.points / 10 : null}
                  onChange={(value) => set(key, { points: Math.round((value ?? 0) * 10) })}
                />
              )}
            </label>
            <label htmlFor={`why-${key}`}>
              {name}说明
              <Input.TextArea
                id={`why-${key}`}
                autoSize={{ minRows: 1, maxRows: 6 }}
                maxLength={1000}
                value={mark?.note ?? ""}
                onChange={(event) => set(key, { note: event.target.value })}
              />
            </label>
          </div>
        );
      })}
      <div className="x-form-column">
        <label htmlFor="self-note">
          自评总体说明
          <Input.TextArea
            id="self-note"
            autoSize={{ minRows: 2, maxRows: 10 }}
            maxLength={5000}
            value={form.note}
            onChange={(event) => change({ ...form, note: event.target.value })}
          />
        </label>
      </div>
      <div className="x-form-actions">
        <Button disabled={!dirty} loading={write.pending} onClick={() => save()}>
          保存自评
        </Button>
      </div>
    </Panel>
  );
}
