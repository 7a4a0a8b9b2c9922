import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, type components, say, today, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type Reminder, remindersKey } from "./data";

type Talking = components["schemas"]["RectificationTalking"];

/** 约谈: the record of a talk, without which its rung is not done. */
export function TalkDialog({ letter, onClose }: { letter: Reminder; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [talk, setTalk] = useState<Talking>({ held_on: today(), talker: "", talked_to: "", summary: "", result: "" });
  const put = (changed: Partial<Talking>) => setTalk((before) => ({ ...before, ...changed }));
  const write = useWrite({
    run: (body: Talking, key) =>
      answer(
        api.POST("/v1/offices/{office}/reminders/{id}/talk", {
          params: { path: { office, id: letter.id } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [remindersKey, ["items"], ["tasks"]],
    onDone: () => {
      say(`已登记约谈：${letter.item}`);
      onClose();
    },
  });
  const missing = (
    [
      ["held_on", "约谈日期"],
      ["talker", "约谈人"],
      ["talked_to", "被约谈人"],
      ["summary", "谈话情况"],
      ["result", "约谈结果"],
    ] as const
  ).map(([key, label]) => talk[key].trim() === "" && label);
  return (
    <Modal
      open
      title={`登记约谈 ${letter.item}`}
      okText="登记约谈"
      cancelText="暂不登记"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(talk)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <div className="x-form-column">
        <label htmlFor="talk-day">
          约谈日期
          <DayPicker
            id="talk-day"
            value={talk.held_on}
            min={letter.sent_at?.slice(0, 10)}
            max={today()}
            onChange={(day) => put({ held_on: day ?? "" })}
          />
        </label>
        <label htmlFor="talk-by">
          约谈人
          <Input
            id="talk-by"
            maxLength={60}
            value={talk.talker}
            onChange={({ target }) => put({ talker: target.value })}
          />
        </label>
        <label htmlFor="talk-with">
          被约谈人
          <Input
            id="talk-with"
            maxLength={60}
            value={talk.talked_to}
            onChange={({ target }) => put({ talked_to: target.value })}
          />
        </label>
        <label htmlFor="talk-summary">
          谈话情况
          <Input.TextArea
            id="talk-summary"
            rows={4}
            maxLength={2000}
            value={talk.summary}
            onChange={({ target }) => put({ summary: target.value })}
          />
        </label>
        <label htmlFor="talk-result">
          约谈结果
          <Input.TextArea
            id="talk-result"
            rows={2}
            maxLength={500}
            placeholder="表态、完成时限"
            value={talk.result}
            onChange={({ target }) => put({ result: target.value })}
          />
        </label>
      </div>
    </Modal>
  );
}
