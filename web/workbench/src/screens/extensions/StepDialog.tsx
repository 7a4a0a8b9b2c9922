import { Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, say, today, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { itemsKey } from "../rectification/data";
import { grantedDays, type Request, requestKinds, wishOf } from "./data";

/** What is done with a request that was made: grant and deny one level above. */
export type Step = "sign" | "forward" | "approve" | "refuse" | "grant" | "deny" | "withdraw";

/** The steps in the order in which they stand as buttons: the main one last. */
export const steps: readonly Step[] = ["withdraw", "refuse", "deny", "sign", "forward", "approve", "grant"];

/** What people call it, and what it asks for. */
export const stepWords: Readonly<Record<Step, { name: string; cancel: string; field: string; most: number }>> = {
  sign: { name: "签署", cancel: "暂不签署", field: "承诺", most: 500 },
  forward: { name: "转报上级", cancel: "暂不转报", field: "转报意见", most: 1000 },
  approve: { name: "批准", cancel: "暂不批准", field: "审批意见", most: 1000 },
  grant: { name: "批准", cancel: "暂不批准", field: "审批意见", most: 1000 },
  refuse: { name: "不予批准", cancel: "返回", field: "不予批准的理由", most: 1000 },
  deny: { name: "不予批准", cancel: "返回", field: "不予批准的理由", most: 1000 },
  withdraw: { name: "撤回申请", cancel: "保留申请", field: "撤回原因", most: 1000 },
};

/** Signs, passes up, decides or takes back: one sentence each, which stays in the request. */
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
  const [until, setUntil] = useState<string>(request.until_on);
  const kind = requestKinds[request.kind];
  const { name, cancel, field, most } = stepWords[step];
  const grants = step === "approve" || step === "grant";
  const write = useWrite({
    run: (version: number, key) => {
      const params = { path: { office, extension: request.id } };
      const headers = { ...ifMatch(version), "Idempotency-Key": key };
      const note = { note: text };
      const granted = { note: text, until_on: until };
      const send = {
        sign: () =>
          api.POST("/v1/offices/{office}/extensions/{extension}/sign", {
            params,
            headers,
            body: { promise: text, digest: request.digest },
          }),
        forward: () =>
          api.POST("/v1/offices/{office}/extensions/{extension}/forward", { params, headers, body: { opinion: text } }),
        approve: () =>
          api.POST("/v1/offices/{office}/extensions/{extension}/approve", { params, headers, body: granted }),
        refuse: () => api.POST("/v1/offices/{office}/extensions/{extension}/refuse", { params, headers, body: note }),
        grant: () =>
          api.POST("/v1/offices/{office}/raised-extensions/{extension}/grant", { params, headers, body: granted }),
        deny: () =>
          api.POST("/v1/offices/{office}/raised-extensions/{extension}/deny", { params, headers, body: note }),
        withdraw: () =>
          api.POST("/v1/offices/{office}/extensions/{extension}/withdraw", { params, headers, body: note }),
      }[step];
      return answer(send());
    },
    refresh: [itemsKey, ["tasks"]],
    onDone: () => {
      const next = request.above ? "等待巡察办转报" : `等待${request.decider}审批`;
      say(
        {
          sign: `已签署${kind}申请：${request.number}，${next}`,
          forward: `已转报${kind}申请：${request.number}，等待${request.decider}审批`,
          approve: `已批准${kind}：${request.number}`,
          refuse: `不予批准${kind}：${request.number}，期限不变`,
          grant: `已批准${kind}：${request.number}，结果已通知下级`,
          deny: `不予批准${kind}：${request.number}，结果已通知下级，期限不变`,
          withdraw: `已撤回${kind}申请：${request.number}`,
        }[step],
      );
      onClose();
    },
  });
  const dayName = grantedDays[request.kind];
  const missing = [text.trim() === "" && field, grants && until === "" && dayName];
  return (
    <Modal
      open
      title={`${name} ${request.number}`}
      okText={name}
      cancelText={cancel}
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(request.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <p>
        {wishOf(request)}
        {step === "sign" && (
          <span className="x-hint">
            。签署的是本页所示的申请，校验码 <span className="x-code">{request.digest.slice(0, 16)}</span>
          </span>
        )}
      </p>
      {grants && (
        <label htmlFor="step-until" className="x-extension-day">
          {dayName}
          <DayPicker
            id="step-until"
            value={until}
            min={today()}
            max={request.until_on}
            onChange={(day) => setUntil(day ?? "")}
          />
          <span className="x-hint">可以早于申请的日期，不能更晚。</span>
        </label>
      )}
      <label htmlFor="step-text">
        {field}
        <Input.TextArea
          id="step-text"
          autoSize={{ minRows: 3, maxRows: 8 }}
          maxLength={most}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </Modal>
  );
}
