import type { ReactNode } from "react";
import { answer, api, CheckAnswers, ifMatch, say, useSession, useWrite, WriteProblem } from "@/parts";
import { type Evaluation, evaluationsKey, formatPoints } from "./data";

/** Steps that are looked at once more before they are taken. */
export type Step = "sign" | "finish" | "decide";

const words: Readonly<Record<Step, { action: string; done: string; consequence: string }>> = {
  sign: {
    action: "签署",
    done: "已签署自评，送评估组评分",
    consequence: "签署后自评内容固定，需要修改时由巡察办退回。",
  },
  finish: {
    action: "提交评估",
    done: "已提交评估，送主任审核",
    consequence: "提交时冻结全部评分依据，得分只由冻结的内容计算；之后需要改动的，由审核人退回。",
  },
  decide: {
    action: "审定",
    done: "已审定，待通报",
    consequence: "审定后评分和等次不能修改；出现新的事实时另行重新评估。",
  },
};

/** The page before a step: everything once more, the consequence, one action. */
export function Confirming({ one, as, onBack }: { one: Evaluation; as: Step; onBack: () => void }): ReactNode {
  const { office } = useSession();
  const { action, done, consequence } = words[as];
  const write = useWrite({
    run: (version: number, key) => {
      const params = { path: { office, id: one.id } };
      const headers = { ...ifMatch(version), "Idempotency-Key": key };
      const send = {
        sign: () => api.POST("/v1/offices/{office}/evaluations/{id}/sign", { params, headers }),
        finish: () => api.POST("/v1/offices/{office}/evaluations/{id}/finish", { params, headers }),
        decide: () => api.POST("/v1/offices/{office}/evaluations/{id}/decide", { params, headers, body: { note: "" } }),
      }[as];
      return answer(send());
    },
    refresh: [evaluationsKey, ["tasks"]],
    onDone: () => {
      say(`${done}：${one.unit_name}`);
      onBack();
    },
  });
  return (
    <CheckAnswers
      answers={[
        { label: "单位", value: `${one.unit_name}，${one.round_name}` },
        ...(as === "sign" ? selfAnswers(one) : resultAnswers(one)),
      ]}
      consequence={consequence}
      action={action}
      backText="先看全文"
      onBack={onBack}
      onConfirm={() => write.send(one.version)}
      pending={write.pending}
      problem={<WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />}
    />
  );
}

function selfAnswers(one: Evaluation) {
  return [
    ...one.card.aspects.map(({ key, name, weight }) => {
      const mark = one.self.find((each) => each.aspect === key);
      const points = mark && (mark.grade || `${formatPoints(mark.points)} / ${formatPoints(weight)} 分`);
      return { label: name, value: mark ? `${points}${mark.note ? `，${mark.note}` : ""}` : "未填写" };
    }),
    { label: "总体说明", value: one.self_note },
  ];
}

/** What an evaluation comes to, as answers to be checked. */
export function resultAnswers(one: Evaluation) {
  const score = one.sheet?.score;
  if (!score) return [];
  return [
    ...score.aspects.map(({ name, points, weight, grade }) => ({
      label: name,
      value: grade || `${formatPoints(points)} / ${formatPoints(weight)} 分`,
    })),
    { label: "得分", value: score.points === null ? "" : `${formatPoints(score.points)} 分` },
    { label: "等次", value: score.veto ? `${score.grade}（一票否决，否则为“${score.plain}”）` : score.grade },
    ...score.vetoes.map(({ id, text, rows }) => ({
      label: "否决依据",
      value: `${id} ${text}：${rows.map(({ number }) => number).join("、")}`,
    })),
    { label: "评估组", value: one.sheet?.people.map(({ name }) => name).join("、") },
  ];
}
