import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, say, today, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { refreshed, type SampleItem, step as stepOf } from "./data";

/** What is done with an item that was drawn. */
export type Step = "look" | "confirm" | "refute";

/** What people call it, and what it asks for. */
export const stepWords: Readonly<Record<Step, { name: string; cancel: string; field: string; most: number }>> = {
  look: { name: "查阅", cancel: "暂不查阅", field: "查阅理由", most: 200 },
  confirm: { name: "确认到位", cancel: "暂不确认", field: "核查情况", most: 2000 },
  refute: { name: "认定未整改到位", cancel: "暂不认定", field: "核查情况", most: 2000 },
};

const consequences: Readonly<Record<Step, string>> = {
  look: "理由和查阅人记入下级的日志和事项时间线。",
  confirm: "结论由下级巡察办看到，事项仍为已销号。",
  refute: "结论由下级巡察办看到，事项在下级重新整改，编号和历史不变。认定后不能撤回。",
};

/** Reads an item with a reason, or says what is so. */
export function StepDialog({ item, step, onClose }: { item: SampleItem; step: Step; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [text, setText] = useState("");
  const [due, setDue] = useState("");
  const { name, cancel, field, most } = stepWords[step];
  const write = useWrite({
    run: (version: number, key) => {
      const call = stepOf(office, item.id, version, key);
      const send = {
        look: () => api.POST("/v1/offices/{office}/sample-items/{item}/look", { ...call, body: { reason: text } }),
        confirm: () => api.POST("/v1/offices/{office}/sample-items/{item}/confirm", { ...call, body: { fact: text } }),
        refute: () =>
          api.POST("/v1/offices/{office}/sample-items/{item}/refute", { ...call, body: { fact: text, due_on: due } }),
      }[step];
      return answer(send());
    },
    refresh: refreshed,
    onDone: () => {
      say(
        {
          look: `已查阅：${item.number}`,
          confirm: `已确认到位：${item.number}`,
          refute: `已认定未整改到位：${item.number}，将在${item.office_name}重新整改`,
        }[step],
      );
      onClose();
    },
  });
  const missing = [text.trim() === "" && field, step === "refute" && due === "" && "重新整改期限"];
  return (
    <Modal
      open
      title={`${name} ${item.number}`}
      okText={name}
      cancelText={cancel}
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(item.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <p className="x-hint">{consequences[step]}</p>
      <label htmlFor="sample-text">
        {field}
        <Input.TextArea
          id="sample-text"
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={most}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {step === "refute" && (
        <label htmlFor="sample-due">
          重新整改期限
          <DayPicker id="sample-due" value={due} min={today()} onChange={(day) => setDue(day ?? "")} />
        </label>
      )}
    </Modal>
  );
}
