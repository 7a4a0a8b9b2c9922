import { Button, InputNumber } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, Facts, ifMatch, Panel, today, useSession, useWriting } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type Evaluation, evaluationsKey, type Sheet, type Survey } from "./data";

const counts = [
  ["given", "发放"],
  ["returned", "回收"],
  ["content", "满意"],
  ["fair", "基本满意"],
  ["discontent", "不满意"],
  ["unknown", "不了解"],
] as const;

/** Satisfaction: the survey as it was entered, and the votes of people present at checks on site. */
export function SurveyPanel({ one, sheet }: { one: Evaluation; sheet: Sheet }): ReactNode {
  const { office } = useSession();
  const { scale } = one.card;
  const [none] = useState<Survey>({
    given: 0,
    returned: 0,
    content: 0,
    fair: 0,
    discontent: 0,
    unknown: 0,
    on: today(),
  });
  const { form, change, save, dirty, pending, notices } = useWriting<Evaluation, Survey>({
    row: one,
    formOf: (row) => row.sheet?.survey ?? none,
    fields: [...counts, ["on", "测评日期"]],
    keys: false,
    refresh: [evaluationsKey],
    done: "已保存测评结果",
    send: (_, version, survey) =>
      answer(
        api.PATCH("/v1/offices/{office}/evaluations/{id}/sheet", {
          params: { path: { office, id: one.id } },
          headers: ifMatch(version),
          body: { survey },
        }),
      ),
  });
  const { rate, answers } = sheet.score.satisfaction;
  const votes = sheet.votes.content + sheet.votes.fair + sheet.votes.discontent;
  return (
    <Panel title="满意度">
      <Facts
        facts={[
          ["满意度", answers > 0 ? `${Math.floor(rate / 10)}.${rate % 10}%` : ""],
          ["有效答复", `${answers} 份`],
          [
            "现场评价",
            votes > 0
              ? `满意 ${sheet.votes.content}，基本满意 ${sheet.votes.fair}，不满意 ${sheet.votes.discontent}`
              : "",
            "wide",
          ],
        ]}
      />
      {one.allowed.includes("enter") ? (
        <>
          {notices}
          <div className="x-evaluation-survey">
            {counts.map(([key, title]) => (
              <label key={key} htmlFor={`survey-${key}`}>
                {title}
                <InputNumber
                  id={`survey-${key}`}
                  min={0}
                  max={1_000_000}
                  precision={0}
                  value={form[key]}
                  onChange={(value) => change({ [key]: value ?? 0 })}
                />
              </label>
            ))}
            <label htmlFor="survey-on">
              测评日期
              <DayPicker id="survey-on" max={today()} value={form.on} onChange={(on) => on && change({ on })} />
            </label>
          </div>
          <div className="x-form-actions">
            <Button disabled={!dirty} loading={pending} onClick={save}>
              保存测评
            </Button>
          </div>
        </>
      ) : (
        sheet.survey && <p>{counts.map(([key, title]) => `${title} ${sheet.survey?.[key]}`).join("，")}</p>
      )}
      <p className="x-hint">
        满意按 {scale.content}%、基本满意按 {scale.fair}%、不满意按 {scale.discontent}% 折算，不了解不计
        {scale.visits && "；现场评价合并计算"}。
      </p>
    </Panel>
  );
}
