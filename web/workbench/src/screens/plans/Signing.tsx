import type { ReactNode } from "react";
import { answer, api, CheckAnswers, Day, ifMatch, say, useSession, useWrite, WriteProblem } from "@/parts";
import { type Plan, plansKey } from "./data";

/** The page before a signature: everything once more, the promise, one action. */
export function Signing({
  plan,
  as,
  onBack,
}: {
  plan: Plan;
  as: "sign" | "countersign";
  onBack: () => void;
}): ReactNode {
  const { office } = useSession();
  const write = useWrite({
    run: (version: number, key) => {
      const call = {
        params: { path: { office, id: plan.id } },
        headers: { ...ifMatch(version), "Idempotency-Key": key },
        body: { digest: plan.digest },
      };
      return as === "sign"
        ? answer(api.POST("/v1/offices/{office}/plans/{id}/sign", call))
        : answer(api.POST("/v1/offices/{office}/plans/{id}/countersign", call));
    },
    refresh: [plansKey, ["tasks"]],
    onDone: () => {
      say(as === "sign" ? "已签字，送分管领导签字" : "已签字，送各方审核");
      onBack();
    },
  });
  const { answers, promise, organised, meeting_on } = plan.content;
  const measures = answers.reduce((n, each) => n + each.measures.length, 0);
  const refused = answers.filter((each) => each.refused);
  return (
    <CheckAnswers
      answers={[
        { label: "方案", value: `${plan.unit_name}，${plan.round_name}，第${plan.edition}版` },
        { label: "组织领导", value: organised },
        { label: "整改专题民主生活会", value: <Day day={meeting_on} /> },
        { label: "逐条答复", value: `${answers.length} 个问题，${measures} 项措施` },
        {
          label: "不认可的问题",
          value: refused.length > 0 ? refused.map((each) => `${each.number}（${each.refused}）`).join("；") : "无",
        },
        ...(as === "countersign" ? [{ label: "主要负责人", value: plan.head }] : []),
        { label: "内容校验码", value: <span className="x-code">{plan.digest.slice(0, 16)}</span> },
        { label: "承诺", value: promise },
      ]}
      consequence={
        as === "sign"
          ? "签字后方案内容固定，不能再修改；需要修改时由分管领导或审核单位退回。"
          : "签字后送各方审核。两处签字对应同一份内容。"
      }
      action="签字"
      backText="先看全文"
      onBack={onBack}
      onConfirm={() => write.send(plan.version)}
      pending={write.pending}
      problem={<WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />}
    />
  );
}
