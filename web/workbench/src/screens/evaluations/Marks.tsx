import { Button, Input, Select } from "antd";
import type { ReactNode } from "react";
import { answer, api, ifMatch, NO_DATA, Panel, useSession, useWriting } from "@/parts";
import { partyNames } from "../rectification/words";
import { type Evaluation, evaluationsKey, type Sheet } from "./data";

type Own = Pick<Sheet["marks"][number], "aspect" | "grade" | "note">;

/** A card of grades: for each aspect what the unit says, what each party says, and the middle of it. */
export function Marks({ one }: { one: Evaluation }): ReactNode {
  const { office, identity } = useSession();
  const marks = one.told?.marks ?? one.sheet?.marks ?? [];
  const parties = one.card.parties ?? [];
  const result = one.told ?? one.sheet?.score;
  const mine = one.allowed.includes("enter") && parties.includes(identity.role) ? identity.role : undefined;
  const { form, change, save, dirty, pending, notices } = useWriting<Evaluation, { marks: Own[] }>({
    row: one,
    formOf: ({ sheet }) => ({
      marks: (sheet?.marks ?? [])
        .filter(({ party }) => party === mine)
        .map(({ aspect, grade, note }) => ({ aspect, grade, note })),
    }),
    fields: [["marks", "评定"]],
    words: ({ marks: own }) => ({
      marks: one.card.aspects
        .flatMap(({ key, name }) =>
          own.filter(({ aspect }) => aspect === key).map((mark) => [name, mark.grade, mark.note]),
        )
        .map((line) => line.filter(Boolean).join(" "))
        .join("\n"),
    }),
    keys: false,
    refresh: [evaluationsKey],
    done: "已保存评定",
    send: (_, version, whole) =>
      answer(
        api.PATCH("/v1/offices/{office}/evaluations/{id}/sheet", {
          params: { path: { office, id: one.id } },
          headers: ifMatch(version),
          body: { marks: whole.marks.filter((mark) => mark.grade) },
        }),
      ),
  });
  const set = (aspect: string, part: Partial<Own>) => {
    const old = form.marks.find((mark) => mark.aspect === aspect) ?? { aspect, grade: "", note: "" };
    change({ marks: [...form.marks.filter((mark) => mark.aspect !== aspect), { ...old, ...part }] });
  };
  return (
    <Panel title="评定">
      {notices}
      {one.card.aspects.map(({ key, name }) => {
        const self = one.self.find((each) => each.aspect === key);
        const score = result?.aspects.find((each) => each.aspect === key);
        const own = form.marks.find((each) => each.aspect === key);
        return (
          <section key={key} className="x-evaluation-aspect" aria-label={name}>
            <header>
              <h3>{name}</h3>
              <span>自评 {self?.grade || NO_DATA}</span>
              <span>评估 {score?.grade || NO_DATA}</span>
            </header>
            <ul>
              {parties.map((party) => {
                const mark = marks.find((each) => each.aspect === key && each.party === party);
                return (
                  <li key={party} className="x-evaluation-line">
                    <span>{partyNames[party]}</span>
                    {party === mine ? (
                      <span className="x-evaluation-mark">
                        <Select
                          aria-label={`${name}等次`}
                          value={own?.grade || undefined}
                          placeholder="选择等次"
                          options={one.card.grades.map((grade) => ({ value: grade.name, label: grade.name }))}
                          onChange={(grade) => set(key, { grade })}
                        />
                        <Input
                          aria-label={`${name}理由`}
                          maxLength={1000}
                          placeholder="理由"
                          value={own?.note ?? ""}
                          onChange={(event) => set(key, { note: event.target.value })}
                        />
                      </span>
                    ) : (
                      <span>
                        {mark?.grade ?? NO_DATA} {mark?.note}
                      </span>
                    )}
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
      {mine && (
        <div className="x-form-actions">
          <Button type="primary" disabled={!dirty} loading={pending} onClick={save}>
            保存评定
          </Button>
        </div>
      )}
    </Panel>
  );
}
