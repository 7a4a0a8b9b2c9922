import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input, Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, say, today, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { itemQuery } from "../rectification/data";
import { type Doubt, doubtsKey, type Verdict } from "./data";

const refresh = [doubtsKey, ["items"], ["tasks"]];

/** The unit says what it has to say, with evidence of the item. */
export function AnswerDialog({ doubt, onClose }: { doubt: Doubt; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const item = useQuery(itemQuery({ office }, doubt.item)).data;
  const [text, setText] = useState(doubt.answer);
  const [files, setFiles] = useState<string[]>(doubt.answer_files);
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/doubts/{id}/answer", {
          params: { path: { office, id: doubt.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { text, files },
        }),
      ),
    refresh,
    onDone: () => {
      say(`已提交说明：${doubt.word}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`说明 ${doubt.number}`}
      okText="提交说明"
      cancelText="暂不提交"
      confirmLoading={write.pending}
      {...untilComplete([text.trim() === "" && "情况说明"])}
      onOk={() => write.send(doubt.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(latest) => write.send(latest)} />
      <p>{doubt.question}</p>
      <label htmlFor="doubt-answer">
        情况说明
        <Input.TextArea
          id="doubt-answer"
          autoSize={{ minRows: 3, maxRows: 10 }}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {item && item.files.length > 0 && (
        <fieldset>
          <legend>可证明的佐证</legend>
          <Checkbox.Group
            value={files}
            options={item.files.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(chosen) => setFiles(chosen as string[])}
          />
        </fieldset>
      )}
    </Modal>
  );
}

/** One person signs what was seen on site; two agree, or the signal is open again. */
export function CheckDialog({ doubt, onClose }: { doubt: Doubt; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [verdict, setVerdict] = useState<Verdict | "">("");
  const [seenOn, setSeenOn] = useState(today());
  const [note, setNote] = useState("");
  const second = doubt.state === "checked";
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/doubts/{id}/check", {
          params: { path: { office, id: doubt.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { verdict: verdict as Verdict, seen_on: seenOn, note },
        }),
      ),
    refresh,
    onDone: (now) => {
      const words =
        now.state === "checked"
          ? "已登记，待第二人核查"
          : now.state === "found"
            ? "两人结论不一致，恢复为待核"
            : `两人结论一致：${now.state === "confirmed" ? "属实" : "排除"}`;
      say(words);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`${second ? "第二人结论" : "现场核查"} ${doubt.number}`}
      okText="签署结论"
      cancelText="暂不签署"
      confirmLoading={write.pending}
      {...untilComplete([verdict === "" && "结论", seenOn === "" && "核查日期", note.trim() === "" && "现场情况"])}
      onOk={() => write.send(doubt.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(latest) => write.send(latest)} />
      <p>{doubt.reason}</p>
      <p className="x-hint">须两人到现场，各自签署；结论一致才作数，不一致恢复为待核</p>
      <Radio.Group
        aria-label="结论"
        value={verdict}
        options={[
          { value: "confirmed", label: "属实" },
          { value: "cleared", label: "排除" },
        ]}
        onChange={(event) => setVerdict(event.target.value as Verdict)}
      />
      <div className="x-form-grid">
        <label htmlFor="doubt-seen">
          核查日期
          <DayPicker id="doubt-seen" value={seenOn} max={today()} onChange={(day) => setSeenOn(day ?? "")} />
        </label>
        <label className="x-wide" htmlFor="doubt-note">
          现场情况
          <Input.TextArea
            id="doubt-note"
            autoSize={{ minRows: 3, maxRows: 8 }}
            maxLength={1000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
      </div>
    </Modal>
  );
}
