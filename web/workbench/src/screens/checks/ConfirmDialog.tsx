import { Input, Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  Lines,
  StatusTag,
  say,
  today,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { checksKey, type Outcome, type Visit } from "./data";
import { checkOutcomes, checkVerdicts, follows } from "./words";

/** 确认结论: the director says what follows; the unit learns of it at once. */
export function ConfirmDialog({ visit, onClose }: { visit: Visit; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const choices = visit.verdict === "" ? [] : follows[visit.verdict];
  const [form, setForm] = useState<{ outcome: Outcome; note: string; due: string }>({
    outcome: choices[0] ?? "none",
    note: "",
    due: "",
  });
  const noted = form.outcome === "letter" || form.outcome === "reopen";
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/visits/{id}/confirm", {
          params: { path: { office, id: visit.id } },
          headers: { ...ifMatch(visit.version), "Idempotency-Key": key },
          body: {
            outcome: form.outcome,
            note: form.note,
            due_on: form.outcome === "reopen" ? form.due : undefined,
          },
        }),
      ),
    refresh: [checksKey, ["items"], ["tasks"]],
    onDone: () => {
      say(`已确认检查结论：${visit.number}`);
      onClose();
    },
  });
  const missing = [
    noted && form.note.trim() === "" && "处理意见",
    form.outcome === "reopen" && form.due === "" && "新的整改期限",
  ];
  return (
    <Modal
      open
      title={`确认结论 ${visit.number}`}
      okText="确认结论"
      cancelText="暂不确认"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <p>
        <StatusTag words={checkVerdicts} state={visit.verdict} /> <Lines text={visit.seen} />
      </p>
      <p className="x-hint">确认后不能修改，被检查单位即可看到结论和现场情况。</p>
      <div className="x-form-grid">
        <div className="x-wide">
          <Radio.Group
            aria-label="处理"
            options={choices.map((value) => ({ value, label: checkOutcomes[value].text }))}
            value={form.outcome}
            onChange={(event) => setForm({ ...form, outcome: event.target.value })}
          />
        </div>
        <label className="x-wide" htmlFor="confirm-note">
          处理意见
          <Input.TextArea
            id="confirm-note"
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={2000}
            value={form.note}
            onChange={(event) => setForm({ ...form, note: event.target.value })}
          />
        </label>
        {form.outcome === "reopen" && (
          <label htmlFor="confirm-due">
            新的整改期限
            <DayPicker
              id="confirm-due"
              value={form.due}
              min={today()}
              onChange={(day) => setForm({ ...form, due: day ?? "" })}
            />
          </label>
        )}
      </div>
    </Modal>
  );
}

const reasons = {
  return: { title: "退回补充", label: "需要补充什么", keep: "暂不退回", done: "已退回补充" },
  cancel: { title: "取消检查", label: "取消的原因", keep: "暂不取消", done: "已取消检查" },
} as const;

/** The director sends a visit back, or takes it back, with a reason. */
export function ReasonDialog({
  visit,
  what,
  onClose,
}: {
  visit: Visit;
  what: keyof typeof reasons;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [text, setText] = useState("");
  const words = reasons[what];
  const write = useWrite({
    run: (reason: string, key) => {
      const rest = {
        params: { path: { office, id: visit.id } },
        headers: { ...ifMatch(visit.version), "Idempotency-Key": key },
      };
      return what === "return"
        ? answer(api.POST("/v1/offices/{office}/visits/{id}/return", { ...rest, body: { note: reason } }))
        : answer(api.POST("/v1/offices/{office}/visits/{id}/cancel", { ...rest, body: { reason } }));
    },
    refresh: [checksKey, ["tasks"]],
    onDone: () => {
      say(`${words.done}：${visit.number}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`${words.title} ${visit.number}`}
      okText={words.title}
      cancelText={words.keep}
      confirmLoading={write.pending}
      {...untilComplete([text.trim() === "" && words.label])}
      onOk={() => write.send(text)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <label htmlFor="check-reason">
        {words.label}
        <Input.TextArea
          id="check-reason"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </Modal>
  );
}
