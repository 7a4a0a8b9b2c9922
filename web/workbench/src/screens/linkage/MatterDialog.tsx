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
import { Kindred } from "./Kindred";
import { courses, matterActs, matterReturns, outcomes } from "./words";

interface Said {
  text: string;
  day: string | null;
  code: keyof typeof matterReturns;
  outcome: keyof typeof outcomes;
  course: keyof typeof courses;
  target: string;
  extend: boolean;
  chosen: readonly string[];
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
  decide: "决定内容",
  dispute: "对答复的异议",
  "stop-clock": "停止计时的理由",
};

// How long what is said may be, where it is not 2,000 characters.
const limits: Partial<Record<MatterAct, number>> = {
  answer: 5000,
  "send-back": 500,
  withdraw: 500,
  confirm: 1000,
  "stop-clock": 190,
};

// What the holder does to all that it merged.
const reachesAll: readonly MatterAct[] = ["accept", "decide", "note", "raise", "answer", "refuse"];

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
    course: "assign",
    target: "",
    extend: act === "confirm" && answered && matter.answer_due !== null && !matter.clock_stopped,
    chosen: [],
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
    act === "decide" && said.target.trim() === "" && "承办单位",
    act === "decide" && said.day === null && "办理期限",
    asked[act] !== undefined && said.text.trim() === "" && (asked[act] as string),
    act === "merge" && said.chosen.length === 0 && "并案的事项",
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
        {reachesAll.includes(act) && matter.merged > 1 && matter.state !== "disputed" && (
          <p>
            将同时办理并案的 {matter.merged} 件事项
            {act !== "accept" && "，内容送达各提出单位，请勿写明是哪些单位"}
            {act === "raise" && "；上级一并受理和答复"}。
          </p>
        )}
        {act === "merge" && (
          <Kindred all={matter.mergeable} chosen={said.chosen} onChange={(chosen) => set({ chosen })} />
        )}
        <Fields act={act} matter={matter} said={said} set={set} />
      </div>
    </Modal>
  );
}

function Fields({
  act,
  matter,
  said,
  set,
}: {
  act: MatterAct;
  matter: MatterView;
  said: Said;
  set: (change: Partial<Said>) => void;
}): ReactNode {
  const answered = matter.state === "answered";
  return (
    <>
      {act === "split" && <p>撤出后单独办理，已作出的决定不变。</p>}
      {act === "dispute" && <p>事项退回答复单位重新研究。异议只能提出一次。</p>}
      {act === "stop-clock" && <p>批准后该问题停止计时，确认答复时恢复计时，期限按停止的天数顺延，并计入统计。</p>}
      {act === "decide" && <DecideFields said={said} set={set} />}
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
          {act === "accept" ? "计划办理日期（可不填，默认为研究期限）" : "落实期限（可不填）"}
          <DayPicker id="matter-day" min={today()} value={said.day} onChange={(day) => set({ day })} />
        </label>
      )}
      {act === "confirm" && answered && (
        <>
          {matter.clock_stopped && <p>确认后恢复计时，期限按停止的天数顺延；另行批准期限的，以批准的日期为准。</p>}
          <div>
            <Checkbox checked={said.extend} onChange={(event) => set({ extend: event.target.checked })}>
              批准问题期限随答复顺延
            </Checkbox>
          </div>
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
            maxLength={limits[act] ?? 2000}
            value={said.text}
            onChange={(event) => set({ text: event.target.value })}
          />
        </label>
      )}
    </>
  );
}

function DecideFields({ said, set }: { said: Said; set: (change: Partial<Said>) => void }): ReactNode {
  return (
    <>
      <label htmlFor="matter-course">
        采纳方式
        <Select
          id="matter-course"
          value={said.course}
          options={optionsOf(courses)}
          onChange={(course) => set({ course })}
        />
      </label>
      <label htmlFor="matter-target">
        承办单位
        <Input
          id="matter-target"
          maxLength={200}
          value={said.target}
          onChange={(event) => set({ target: event.target.value })}
        />
      </label>
      <label htmlFor="matter-decided">
        办理期限
        <DayPicker id="matter-decided" min={today()} value={said.day} onChange={(day) => set({ day })} />
      </label>
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
    case "merge": {
      const body = { with: [...said.chosen] };
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/merge", { ...call, body }));
    }
    case "split":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/split", call));
    case "decide": {
      const body = { decision: said.course, target: said.target, due_on: day ?? "", text };
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/decide", { ...call, body }));
    }
    case "dispute":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/dispute", { ...call, body: { text } }));
    case "stop-clock":
      return answer(api.POST("/v1/offices/{office}/escalations/{id}/stop-clock", { ...call, body: { reason: text } }));
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
