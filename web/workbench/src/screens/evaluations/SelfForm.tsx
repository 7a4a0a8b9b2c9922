import { Button, Input, InputNumber, Select } from "antd";
import type { ReactNode } from "react";
import { answer, api, ifMatch, Panel, useSession, useWriting } from "@/parts";
import { type Evaluation, evaluationsKey, formatPoints } from "./data";

type Mark = Evaluation["self"][number];

interface Form {
  marks: Mark[];
  note: string;
}

/** What the unit thinks of itself, aspect by aspect. Typed text stays in this browser until it is saved. */
export function SelfForm({ one }: { one: Evaluation }): ReactNode {
  const { office } = useSession();
  const { form, change, save, dirty, pending, notices } = useWriting<Evaluation, Form>({
    row: one,
    formOf: ({ self, self_note }) => ({ marks: self, note: self_note }),
    draft: `evaluation:${one.id}`,
    fields: [
      ["marks", "各项自评"],
      ["note", "自评总体说明"],
    ],
    words: ({ marks, note }) => ({ marks: marksInWords(one, marks), note }),
    refresh: [evaluationsKey],
    done: "已保存自评",
    send: (_, version, whole) =>
      answer(
        api.PATCH("/v1/offices/{office}/evaluations/{id}/self", {
          params: { path: { office, id: one.id } },
          headers: ifMatch(version),
          body: whole,
        }),
      ),
  });
  const byGrades = one.card.kind === "grades";
  const set = (aspect: string, part: Partial<Mark>) => {
    const old = form.marks.find((mark) => mark.aspect === aspect) ?? { aspect, points: 0, grade: "", note: "" };
    change({ marks: [...form.marks.filter((mark) => mark.aspect !== aspect), { ...old, ...part }] });
  };
  return (
    <Panel title="本单位自评">
      {notices}
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
            onChange={(event) => change({ note: event.target.value })}
          />
        </label>
      </div>
      <div className="x-form-actions">
        <Button disabled={!dirty} loading={pending} onClick={save}>
          保存自评
        </Button>
      </div>
    </Panel>
  );
}

// 「政治责任 8.5 分：…」, a line for each aspect
function marksInWords(one: Evaluation, marks: readonly Mark[]): string {
  return one.card.aspects
    .flatMap(({ key, name }) => {
      const mark = marks.find(({ aspect }) => aspect === key);
      if (!mark) return [];
      const given = one.card.kind === "grades" ? mark.grade : `${formatPoints(mark.points)} 分`;
      return `${name} ${given}${mark.note && `：${mark.note}`}`;
    })
    .join("\n");
}
