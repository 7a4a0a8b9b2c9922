import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, Missing, say, useSession, useWrite, WriteProblem } from "@/parts";
import { itemsKey } from "../rectification/data";
import { type Request, requestKinds } from "./data";

/** What is done with a request that was made. */
export type Step = "sign" | "approve" | "refuse" | "withdraw";

/** What people call it. */
export const stepWords: Readonly<Record<Step, string>> = {
  sign: "签署",
  approve: "批准",
  refuse: "不予批准",
  withdraw: "撤回申请",
};

const cancels: Readonly<Record<Step, string>> = {
  sign: "暂不签署",
  approve: "暂不批准",
  refuse: "返回",
  withdraw: "保留申请",
};
const fields: Readonly<Record<Step, string>> = {
  sign: "承诺",
  approve: "审批意见",
  refuse: "不予批准的理由",
  withdraw: "撤回原因",
};

/** Signs, decides or takes back: one sentence each, which stays in the request. */
export function StepDialog({
  request,
  step,
  suggested,
  onClose,
}: {
  request: Request;
  step: Step;
  suggested: string;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [text, setText] = useState(step === "sign" ? suggested : "");
  const kind = requestKinds[request.kind];
  const write = useWrite({
    run: (version: number, key) => {
      const params = { path: { office, extension: request.id } };
      const headers = { ...ifMatch(version), "Idempotency-Key": key };
      const note = { note: text };
      const send = {
        sign: () =>
          api.POST("/v1/offices/{office}/extensions/{extension}/sign", { params, headers, body: { promise: text } }),
        approve: () => api.POST("/v1/offices/{office}/extensions/{extension}/approve", { params, headers, body: note }),
        refuse: () => api.POST("/v1/offices/{office}/extensions/{extension}/refuse", { params, headers, body: note }),
        withdraw: () =>
          api.POST("/v1/offices/{office}/extensions/{extension}/withdraw", { params, headers, body: note }),
      }[step];
      return answer(send());
    },
    refresh: [itemsKey, ["tasks"]],
    onDone: () => {
      say(
        {
          sign: `已签署${kind}申请：${request.number}，等待${request.decider}审批`,
          approve: `已批准${kind}：${request.number}`,
          refuse: `不予批准${kind}：${request.number}，期限不变`,
          withdraw: `已撤回${kind}申请：${request.number}`,
        }[step],
      );
      onClose();
    },
  });
  const wish =
    request.kind === "later" ? `${request.from_on} 延期至 ${request.until_on}` : `转长期整改，${request.until_on} 复核`;
  return (
    <Modal
      open
      title={`${stepWords[step]} ${request.number}`}
      okText={stepWords[step]}
      cancelText={cancels[step]}
      confirmLoading={write.pending}
      okButtonProps={{ disabled: text.trim() === "" }}
      footer={(buttons) => (
        <>
          {buttons}
          <Missing what={[text.trim() === "" && fields[step]]} />
        </>
      )}
      onOk={() => write.send(request.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <p>{wish}</p>
      <label htmlFor="step-text">
        {fields[step]}
        <Input.TextArea
          id="step-text"
          autoSize={{ minRows: 3, maxRows: 8 }}
          maxLength={step === "sign" ? 500 : 1000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </Modal>
  );
}
