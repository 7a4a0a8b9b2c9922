import { Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { type Letter, remindersKey } from "./data";

/** The office names somebody else of the unit to receive a letter whose recipient has left. */
export function ReceiverDialog({ letter, onClose }: { letter: Letter; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [member, setMember] = useState("");
  const write = useWrite({
    run: (body: { member: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/reminders/{id}/receiver", {
          params: { path: { office, id: letter.reminder.id } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [remindersKey, ["items"]],
    onDone: ({ reminder }) => {
      say(`签收人已更换为${reminder.receiver}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title="更换签收人"
      okText="更换签收人"
      cancelText="暂不更换"
      confirmLoading={write.pending}
      {...untilComplete([member === "" && "新的签收人"])}
      onOk={() => write.send({ member })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <p className="x-hint">{letter.reminder.unit_name}在岗人员</p>
      <Radio.Group
        className="x-letter-people"
        value={member}
        onChange={(event) => setMember(event.target.value as string)}
        options={letter.may_name.map(({ id, name, post }) => ({
          value: id,
          label: post ? `${name}（${post}）` : name,
        }))}
      />
    </Modal>
  );
}
