import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { decides, type Reminder, remindersKey } from "./data";

/** The signer decides against a letter, with a reason. */
export function DropDialog({ letter, onClose }: { letter: Reminder; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const back = decides(letter);
  const [reason, setReason] = useState("");
  const write = useWrite({
    run: (body: { reason: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/reminders/{id}/drop", {
          params: { path: { office, id: letter.id } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [remindersKey, ["tasks"]],
    onDone: () => {
      say(`${back ? "已退回" : "不发"}：${letter.item} ${letter.title}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`${back ? "退回" : "不发"} ${letter.title} ${letter.item}`}
      okText={back ? "退回" : "不发此件"}
      cancelText="暂不决定"
      confirmLoading={write.pending}
      {...untilComplete([reason.trim() === "" && (back ? "退回意见" : "不发的理由")])}
      onOk={() => write.send({ reason })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <label htmlFor="drop-reason">
        {back ? "退回意见" : "不发的理由"}
        <Input id="drop-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Modal>
  );
}
