import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, CheckAnswers, Panel, ReadyButton, say, today, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type FollowUp, followUpsKey, step } from "./data";

/** The page before the report: the numbers once more, what follows, one action. */
export function ReportPage({ one, onBack }: { one: FollowUp; onBack: () => void }): ReactNode {
  const { office } = useSession();
  const { counts } = one;
  const [form, setForm] = useState({ summary: "", due_on: "" });
  const [checking, setChecking] = useState(false);
  const missing = [
    form.summary.trim() === "" && "总体评价",
    counts.reopens > 0 && form.due_on === "" && "重新整改期限",
  ].filter((each) => each !== false);
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/followups/{id}/report", {
          ...step(office, one.id, version, key),
          body: { summary: form.summary, due_on: form.due_on || undefined },
        }),
      ),
    refresh: [followUpsKey, ["tasks"], ["items"], ["rounds"]],
    onDone: () => {
      say(`已形成报告：${one.name}`);
      onBack();
    },
  });
  if (!checking || missing.length > 0) {
    return (
      <Panel title="报告">
        <div className="x-form-column">
          <label htmlFor="followup-summary">
            总体评价
            <Input.TextArea
              id="followup-summary"
              autoSize={{ minRows: 4, maxRows: 14 }}
              maxLength={5000}
              value={form.summary}
              onChange={(event) => setForm({ ...form, summary: event.target.value })}
            />
          </label>
          {counts.reopens > 0 && (
            <label htmlFor="followup-due">
              重新整改期限（{counts.reopens} 项）
              <DayPicker
                id="followup-due"
                min={today()}
                value={form.due_on}
                onChange={(day) => setForm({ ...form, due_on: day ?? "" })}
              />
            </label>
          )}
        </div>
        <div className="x-form-actions">
          <Button onClick={onBack}>暂不报告</Button>
          <ReadyButton type="primary" what={missing} onClick={() => setChecking(true)}>
            核对
          </ReadyButton>
        </div>
      </Panel>
    );
  }
  const edit = () => setChecking(false);
  return (
    <CheckAnswers
      answers={[
        { label: "回头看", value: `${one.name}，${one.units.length} 个单位` },
        {
          label: "核查结论",
          value: `核查 ${counts.agreed} 项：确认到位 ${counts.confirmed} 项、未到位 ${counts.insufficient} 项、反弹 ${counts.rebounded} 项、虚假整改 ${counts.false} 项`,
        },
        { label: "重新整改", value: `${counts.reopens} 项${form.due_on && `，期限 ${form.due_on}`}` },
        { label: "新发现问题", value: `${counts.problems} 个` },
        { label: "总体评价", value: form.summary, change: edit },
      ]}
      consequence="报告后单位看到核查结论，已销号而未到位、反弹、虚假的事项重新整改，新发现问题进入整改台账；都不能撤回。"
      action="形成报告"
      backText="返回修改"
      onBack={edit}
      onConfirm={() => write.send(one.version)}
      pending={write.pending}
      problem={<WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />}
    />
  );
}
