import { Checkbox, Input, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  optionsOf,
  say,
  today,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type MatterAct, type MatterView, refreshed } from "./data";
import { matterActs, matterReturns, outcomes } from "./words";

interface Said {
  text: string;
  day: string | null;
  code: keyof typeof matterReturns;
  outcome: keyof typeof outcomes;
  extend: boolean;
}

const asked: Partial<Record<MatterAct, string>> = {
  "send-back": "退回的理由",
  withdraw: "撤回的理由",
  return: "需要补充的材料，或本级办理的依据",
  refuse: "不予受理的理由",
  note: "研究情况",
  raise: "提请上级的理由",
  answer: "答复内容",
  finish: "落实情况",
};

/** One act on a matter, with what it needs to be said. */
export function MatterDialog({
  matter,
  act,
  onClose,
}: {
  matter: MatterView;
  act: MatterAct;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const answered = matter.state === "answered";
  const [said, setSaid] = useState<Said>({
    text: "",
    day: act === "confirm" ? matter.answer_due : null,
    code: "incomplete",
    outcome: "policy",
    extend: act === "confirm" && answered && matter.answer_due !== null,
  });
  const write = useWrite({
    run: (version: number, key) => send(office, matter.id, act, version, key, said),
    refresh: [...refreshed, ["items"]],
    onDone: () => {
      say(`已${matterActs[act]}${matter.number && `：${matter.number}`}`);
      onClose();
    },
  });
  const set = (change: Partial<Said>) => setSaid({ ...said, ...change });
  const missing = [
    asked[act] !== undefined && said.text.trim() === "" && (asked[act] as string),
    said.extend && said.day === null && "新的期限",
  ];
  return (
    <Modal
      open
      title={matterActs[act]}
      okText={matterActs[act]}
      cancelText="暂不办理"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(matter.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <div className="x-stack">
        <Fields act={act} answered={answered} said={said} set={set} />
      </div>
    </Modal>
  );
}

function Fields({
  act,
  answered,
  said,
  set,
}: {
  act: MatterAct;
  answered: boolean;
  said: Said;
  set: (change: Partial<Said>) => void;
}): ReactNode {
  return (
    <>
      {act === "submit" && <p>送审后由本级负责人审批，批准后编号上报。</p>}
      {act === "approve" && <p>批准后编号并上报上级，上级受理前可以撤回。</p>}
      {act === "return" && (
        <label htmlFor="matter-code">
          退回原因
          <Select
            id="matter-code"
            value={said.code}
            options={optionsOf(matterReturns)}
            onChange={(code) => set({ code })}
          />
        </label>
      )}
      {act === "answer" && (
        <label htmlFor="matter-outcome">
          答复类型
          <Select
            id="matter-outcome"
            value={said.outcome}
            options={optionsOf(outcomes)}
            onChange={(outcome) => set({ outcome })}
          />
        </label>
      )}
      {(act === "accept" || act === "answer") && (
        <label htmlFor="matter-day">
          {act === "accept" ? "计划答复日期（可不填）" : "落实期限（可不填）"}
          <DayPicker id="matter-day" min={today()} value={said.day} onChange={(day) => set({ day })} />
        </label>
      )}
      {act === "confirm" && answered && (
        <>
          <Checkbox checked={said.extend} onChange={(event) => set({ extend: event.target.checked })}>
            批准问题期限随答复顺延
          </Checkbox>
          {said.extend && (
            <label htmlFor="matter-extend">
              顺延至
              <DayPicker id="matter-extend" min={today()} value={said.day} onChange={(day) => set({ day })} />
            </label>
          )}
        </>
      )}
      {act === "confirm" && !answered && <p>确认知悉上级不予受理，事项办结，问题继续按原期限整改。</p>}
      {(asked[act] !== undefined || (act === "confirm" && answered)) && (
        <label htmlFor="matter-text">
          {asked[act] ?? "需要落实的任务（填写后加入该问题的措施）"}
          <Input.TextArea
            id="matter-text"
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={
              act === "answer"
                ? 5000
                : act === "send-back" || act === "withdraw"
                  ? 500
                  : act === "confirm"
                    ? 1000
                    : 2000
            }
            value={said.text}
            onChange={(event) => set({ text: event.target.value })}
          />
        </label>
      )}
    </>
  );
}

function send(office: string, id: string, act: MatterAct, version: number, key: string, said: Said): Promise<unknown> {
  const call = { params: { path: { office, id } }, headers: { ...ifMatch(version), "Idempotency-Key": key } };
  const { text } = said;
  const day = said.day ?? undefined;
  switch (act) {
    case "submit":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/submit", call));
    case "approve":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/approve", call));
    case "send-back":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/send-back", { ...call, body: { reason: text } }));
    case "withdraw":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/withdraw", { ...call, body: { reason: text } }));
    case "accept":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/accept", { ...call, body: { answer_by: day } }));
    case "return": {
      const body = { code: said.code, text };
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/return", { ...call, body }));
    }
    case "refuse":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/refuse", { ...call, body: { text } }));
    case "note":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/note", { ...call, body: { text } }));
    case "raise":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/raise", { ...call, body: { text } }));
    case "answer": {
      const body = { outcome: said.outcome, text, due_on: day };
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/answer", { ...call, body }));
    }
    case "confirm": {
      const body = { extend_to: said.extend ? day : undefined, task: text.trim() || undefined };
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/confirm", { ...call, body }));
    }
    case "finish":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/finish", { ...call, body: { text } }));
    case "edit":
      throw new Error("a matter is edited on its own page");
  }
}
