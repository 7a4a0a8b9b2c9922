import { Input, Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Instant,
  ifMatch,
  Missing,
  optionsOf,
  StatusTag,
  say,
  useSession,
  useWrite,
  verdicts,
  WriteProblem,
} from "@/parts";
import { partyNames } from "../rectification/words";
import { type Plan, plansKey } from "./data";

type Verdict = Plan["opinions"][number]["verdict"];

/** The opinions that the person may see. */
export function Opinions({ plan }: { plan: Plan }): ReactNode {
  return (
    <ul className="x-plan-opinions">
      {plan.opinions.map((each) => (
        <li key={each.party}>
          <strong>{partyNames[each.party]}</strong> <StatusTag words={verdicts} state={each.verdict} />
          {each.note && <p>{each.note}</p>}
          <span className="x-hint x-plan-by">
            {each.by} <Instant at={each.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** One party's opinion. The others see it when all are in. */
export function OpinionDialog({ plan, onClose }: { plan: Plan; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [note, setNote] = useState("");
  const write = useWrite({
    run: (body: { verdict: Verdict; note: string; digest: string }, key) =>
      answer(
        api.POST("/v1/offices/{office}/plans/{id}/opinion", {
          params: { path: { office, id: plan.id } },
          headers: { "Idempotency-Key": key },
          body,
        }),
      ),
    refresh: [plansKey, ["tasks"]],
    onDone: () => {
      say(`已提交审核意见：${plan.unit_name}`);
      onClose();
    },
  });
  const missing = [
    verdict === null && "审核结论",
    verdict !== null && verdict !== "agree" && note.trim() === "" && "需要修改的内容",
  ];
  return (
    <Modal
      open
      title={`审核整改方案：${plan.unit_name}`}
      okText="提交审核意见"
      cancelText="暂不提交"
      confirmLoading={write.pending}
      okButtonProps={{ disabled: missing.some((each) => each !== false) }}
      footer={(buttons) => (
        <>
          {buttons}
          <Missing what={missing} />
        </>
      )}
      onOk={() => verdict && write.send({ verdict, note, digest: plan.digest })}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <div className="x-form-column">
        <Radio.Group
          aria-label="审核结论"
          value={verdict}
          onChange={(event) => setVerdict(event.target.value as Verdict)}
          options={optionsOf(verdicts)}
        />
        <label htmlFor="plan-note">
          说明
          <Input.TextArea
            id="plan-note"
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
      </div>
      <p className="x-hint">提交后不能修改；各方提交后互相可见。</p>
    </Modal>
  );
}

const words = {
  approve: {
    title: "同意实施",
    hint: "各方均已同意。方案自同意之时生效，原版保留。",
    label: "说明",
    done: "已同意实施",
  },
  return: { title: "退回修改", hint: "汇总各方意见，一次退回。两处签字随之作废。", label: "退回意见", done: "已退回" },
  decline: { title: "退回修改", hint: "退回单位修改后重新签字。", label: "退回意见", done: "已退回" },
} as const;

/** Ends a review, or sends a plan back instead of signing it. */
export function DecideDialog({
  plan,
  as,
  onClose,
}: {
  plan: Plan;
  as: keyof typeof words;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const { title, hint, label, done } = words[as];
  const [letter, setLetter] = useState(() => (as === "return" ? gathered(plan) : ""));
  const write = useWrite({
    run: (version: number, key) => {
      const call = {
        params: { path: { office, id: plan.id } },
        headers: { ...ifMatch(version), "Idempotency-Key": key },
        body: { letter },
      };
      switch (as) {
        case "approve":
          return answer(api.POST("/v1/offices/{office}/plans/{id}/approve", call));
        case "return":
          return answer(api.POST("/v1/offices/{office}/plans/{id}/return", call));
        case "decline":
          return answer(api.POST("/v1/offices/{office}/plans/{id}/decline", call));
      }
    },
    refresh: [plansKey, ["tasks"]],
    onDone: () => {
      say(`${done}：${plan.unit_name}整改方案`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`${title}：${plan.unit_name}`}
      okText={title}
      cancelText={`暂不${title.slice(0, 2)}`}
      confirmLoading={write.pending}
      okButtonProps={{ disabled: as !== "approve" && letter.trim() === "" }}
      onOk={() => write.send(plan.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <Opinions plan={plan} />
      <div className="x-form-column">
        <label htmlFor="plan-letter">
          {label}
          <Input.TextArea
            id="plan-letter"
            autoSize={{ minRows: 3, maxRows: 12 }}
            maxLength={5000}
            value={letter}
            onChange={(event) => setLetter(event.target.value)}
          />
        </label>
      </div>
      <p className="x-hint">{hint}</p>
    </Modal>
  );
}

/** All parties' notes, to be edited into one letter. */
function gathered(plan: Plan): string {
  return plan.opinions
    .filter((each) => each.verdict !== "agree")
    .map((each, i) => `${i + 1}. ${each.note}`)
    .join("\n");
}
