import { Button, Input, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, optionsOf, ReadyButton, say, today, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type Row, refreshed } from "./data";
import { Reported } from "./OwnPart";
import { returnCodes } from "./words";

/** A report: read it, then accept it or send it back with a reason and a new day. */
export function ReviewDialog({
  row,
  questions,
  onClose,
}: {
  row: Row;
  questions: readonly string[];
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [returning, setReturning] = useState(false);
  const [code, setCode] = useState<keyof typeof returnCodes>("incomplete");
  const [note, setNote] = useState("");
  const [due, setDue] = useState<string | null>(null);
  const decides = row.allowed.includes("accept");
  const write = useWrite({
    run: (version: number, key): Promise<unknown> => {
      const call = {
        params: { path: { office, id: row.id } },
        headers: { ...ifMatch(version), "Idempotency-Key": key },
      };
      if (!returning) return answer(api.POST("/v1/offices/{office}/deliveries/{id}/accept", call));
      const body = { code, note, report_due: due ?? undefined };
      return answer(api.POST("/v1/offices/{office}/deliveries/{id}/return", { ...call, body }));
    },
    refresh: refreshed,
    onDone: () => {
      say(`${returning ? "已退回" : "已采认"}：${row.recipient}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      width={720}
      title={`自查报告：${row.recipient}`}
      onCancel={onClose}
      footer={
        !decides ? (
          <Button onClick={onClose}>关闭</Button>
        ) : (
          <>
            <Button onClick={() => setReturning(!returning)}>{returning ? "不退回" : "退回补查"}</Button>
            <ReadyButton
              type="primary"
              loading={write.pending}
              what={[returning && note.trim() === "" && "需要补充的内容"]}
              onClick={() => write.send(row.version)}
            >
              {returning ? "退回报告" : "采认报告"}
            </ReadyButton>
          </>
        )
      }
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <Reported part={row} questions={questions} />
      {returning && (
        <div className="x-stack">
          <h3 className="x-letter-part">退回补查</h3>
          <label htmlFor="return-code">
            原因
            <Select
              id="return-code"
              value={code}
              options={optionsOf(returnCodes)}
              onChange={(value) => setCode(value)}
            />
          </label>
          <label htmlFor="return-note">
            需要补充的内容
            <Input.TextArea
              id="return-note"
              autoSize={{ minRows: 3, maxRows: 8 }}
              maxLength={1000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </label>
          <label htmlFor="return-due">
            新的报送期限（不填则按规则以工作日计算）
            <DayPicker id="return-due" min={today()} value={due} onChange={setDue} />
          </label>
        </div>
      )}
    </Modal>
  );
}
