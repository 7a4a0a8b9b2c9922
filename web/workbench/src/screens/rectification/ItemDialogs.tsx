import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, formatDay, ifMatch, Missing, say, today, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type ItemPage, itemsKey } from "./data";

/** 设期限: the office moves the last day and says why; the reminders begin anew. */
export function DueDialog({ item, onClose }: { item: ItemPage; onClose: () => void }): ReactNode {
  const { office } = useSession();
  return (
    <DayAndReason
      title="设期限"
      action="保存期限"
      cancel="暂不修改"
      reasonLabel="调整原因"
      limit={200}
      note={`现期限 ${formatDay(item.due_on)}。保存后催办按新期限重新计算。`}
      item={item}
      run={(form, version, key) =>
        answer(
          api.POST("/v1/offices/{office}/items/{id}/due", {
            params: { path: { office, id: item.id } },
            headers: { ...ifMatch(version), "Idempotency-Key": key },
            body: { due_on: form.day, reason: form.reason },
          }),
        )
      }
      done={(form) => `期限已改为 ${form.day}`}
      onClose={onClose}
    />
  );
}

/** 重新整改: a closed case goes back to work; its number and history stay. */
export function ReopenDialog({ item, onClose }: { item: ItemPage; onClose: () => void }): ReactNode {
  const { office } = useSession();
  return (
    <DayAndReason
      title="重新整改"
      action="重新整改"
      cancel="暂不重新整改"
      reasonLabel="现场检查结论"
      limit={2000}
      note="编号和历史保留，已销号撤销，责任单位会收到待办。"
      item={item}
      run={(form, version, key) =>
        answer(
          api.POST("/v1/offices/{office}/items/{id}/reopen", {
            params: { path: { office, id: item.id } },
            headers: { ...ifMatch(version), "Idempotency-Key": key },
            body: { due_on: form.day, reason: form.reason },
          }),
        )
      }
      done={() => `已转为重新整改：${item.number}`}
      onClose={onClose}
    />
  );
}

interface Form {
  day: string;
  reason: string;
}

function DayAndReason({
  title,
  action,
  cancel,
  reasonLabel,
  limit,
  note,
  item,
  run,
  done,
  onClose,
}: {
  title: string;
  action: string;
  cancel: string;
  reasonLabel: string;
  limit: number;
  note: string;
  item: ItemPage;
  run: (form: Form, version: number, key: string) => Promise<unknown>;
  done: (form: Form) => string;
  onClose: () => void;
}): ReactNode {
  const [form, setForm] = useState<Form>({ day: "", reason: "" });
  const write = useWrite({
    run: (sent: { form: Form; version: number }, key) => run(sent.form, sent.version, key),
    refresh: [itemsKey],
    onDone: (_, sent) => {
      say(done(sent.form));
      onClose();
    },
  });
  const send = (version = item.version) => write.send({ form, version });
  return (
    <Modal
      open
      title={`${title} ${item.number}`}
      okText={action}
      cancelText={cancel}
      confirmLoading={write.pending}
      okButtonProps={{ disabled: form.day === "" || form.reason.trim() === "" }}
      footer={(buttons) => (
        <>
          {buttons}
          <Missing what={[form.day === "" && "新期限", form.reason.trim() === "" && reasonLabel]} />
        </>
      )}
      onOk={() => send()}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={send} />
      <p className="x-hint">{note}</p>
      <div className="x-form-grid">
        <label htmlFor="day">
          新期限
          <DayPicker id="day" value={form.day} min={today()} onChange={(day) => setForm({ ...form, day: day ?? "" })} />
        </label>
        <label className="x-wide" htmlFor="reason">
          {reasonLabel}
          <Input.TextArea
            id="reason"
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={limit}
            value={form.reason}
            onChange={(event) => setForm({ ...form, reason: event.target.value })}
          />
        </label>
      </div>
    </Modal>
  );
}
