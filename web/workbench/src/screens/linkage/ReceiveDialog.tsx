import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { type Row, refreshed } from "./data";

/** 签收 by a named person; for a unit that answers on paper its office enters who signed. */
export function ReceiveDialog({
  part,
  paper,
  onClose,
}: {
  part: Row;
  paper?: boolean;
  onClose: () => void;
}): ReactNode {
  const session = useSession();
  const [by, setBy] = useState(paper ? "" : session.name);
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/deliveries/{id}/receive", {
          params: { path: { office: session.office, id: part.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { signed_by: by, on_paper: paper },
        }),
      ),
    refresh: refreshed,
    onDone: () => {
      say(paper ? `已录入签收：${part.recipient}` : "已签收");
      onClose();
    },
  });
  return (
    <Modal
      open
      title={paper ? `录入纸质签收：${part.recipient}` : "签收通报"}
      okText={paper ? "录入签收" : "签收"}
      cancelText={paper ? "暂不录入" : "暂不签收"}
      confirmLoading={write.pending}
      {...untilComplete([by.trim() === "" && "签收人"])}
      onOk={() => write.send(part.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <label htmlFor="signed-by">
        签收人
        <Input id="signed-by" maxLength={60} value={by} onChange={(event) => setBy(event.target.value)} />
      </label>
    </Modal>
  );
}
