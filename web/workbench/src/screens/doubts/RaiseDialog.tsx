import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, today, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { doubtsKey } from "./data";

/** A person enters that an item was named again: by a letter, by what people say. */
export function RaiseDialog({ id, number, onClose }: { id: string; number: string; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [form, setForm] = useState({ source: "", on: "", text: "", question: "" });
  const write = useWrite({
    run: (body: typeof form, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/doubts", {
          params: { path: { office, id } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [doubtsKey, ["items"], ["tasks"]],
    onDone: () => {
      say(`已登记存疑：${number}`);
      onClose();
    },
  });
  const missing = [
    form.source.trim() === "" && "来源",
    form.on === "" && "日期",
    form.text.trim() === "" && "反映内容",
    form.question.trim() === "" && "请单位说明",
  ];
  const text = (key: "text" | "question", label: string) => (
    <label className="x-wide" htmlFor={`raise-${key}`}>
      {label}
      <Input.TextArea
        id={`raise-${key}`}
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={300}
        value={form[key]}
        onChange={(event) => setForm({ ...form, [key]: event.target.value })}
      />
    </label>
  );
  return (
    <Modal
      open
      title={`登记存疑 ${number}`}
      okText="登记存疑"
      cancelText="暂不登记"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(form)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <p className="x-hint">用于提交或销号后又被反映的事项。反映内容单位看不到，只看到“请单位说明”一栏</p>
      <div className="x-form-grid">
        <label htmlFor="raise-source">
          来源（来信、群众意见、回头看）
          <Input
            id="raise-source"
            maxLength={40}
            value={form.source}
            onChange={(event) => setForm({ ...form, source: event.target.value })}
          />
        </label>
        <label htmlFor="raise-on">
          日期
          <DayPicker
            id="raise-on"
            value={form.on}
            max={today()}
            onChange={(day) => setForm({ ...form, on: day ?? "" })}
          />
        </label>
        {text("text", "反映内容")}
        {text("question", "请单位说明（不写反映人）")}
      </div>
    </Modal>
  );
}
