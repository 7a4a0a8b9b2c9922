import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  CheckAnswers,
  formatRange,
  say,
  sayProblem,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { type FollowUp, followUpsKey, step } from "./data";

const refresh = [followUpsKey, ["tasks"], ["items"], ["rounds"]];

/** The page before the units are told. */
export function NotifyPage({ one, onBack }: { one: FollowUp; onBack: () => void }): ReactNode {
  const { office } = useSession();
  const write = useWrite({
    run: (version: number, key) =>
      answer(api.POST("/v1/offices/{office}/followups/{id}/notify", step(office, one.id, version, key))),
    refresh,
    onDone: () => {
      say(`已通知单位：${one.name}`);
      onBack();
    },
  });
  return (
    <CheckAnswers
      answers={[
        { label: "名称", value: one.name },
        { label: "起止", value: formatRange(one.starts_on, one.ends_on) },
        { label: "组长", value: one.leader },
        { label: "核查人员", value: one.people.map((person) => person.name).join("、") },
        { label: "单位", value: one.units.map((taken) => taken.name).join("、") },
      ]}
      consequence="通知后所选单位即可看到回头看的起止、组长和本单位的对照表，方案不能再修改。"
      action="通知单位"
      onBack={onBack}
      onConfirm={() => write.send(one.version)}
      pending={write.pending}
      problem={<WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />}
    />
  );
}

/** 进驻: the people are with the units. */
export function useBegin(one: FollowUp) {
  const { office } = useSession();
  const write = useWrite({
    run: (version: number, key) =>
      answer(api.POST("/v1/offices/{office}/followups/{id}/begin", step(office, one.id, version, key))),
    refresh,
    onProblem: sayProblem,
    onDone: () => say(`已进驻：${one.name}`),
  });
  return write;
}

/** Takes a follow-up back, with a reason. */
export function CancelDialog({ one, onClose }: { one: FollowUp; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [text, setText] = useState("");
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/followups/{id}/cancel", {
          ...step(office, one.id, version, key),
          body: { text },
        }),
      ),
    refresh,
    onDone: () => {
      say(`已取消：${one.name}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`取消回头看：${one.name}`}
      okText="取消回头看"
      cancelText="暂不取消"
      confirmLoading={write.pending}
      {...untilComplete([text.trim() === "" && "原因"])}
      onOk={() => write.send(one.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <p className="x-hint">已通知的单位会看到取消和原因。取消后不能恢复，可以另行开展。</p>
      <label htmlFor="followup-reason">
        原因
        <Input.TextArea
          id="followup-reason"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={1000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </Modal>
  );
}
