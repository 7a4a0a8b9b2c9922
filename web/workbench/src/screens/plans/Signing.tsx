import type { ReactNode } from "react";
import { answer, api, Day, ifMatch, useSession } from "@/parts";
import { Signing as Page } from "../papers/Signing";
import { type Plan, plansKey } from "./data";

/** The page before a plan is signed. */
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
  const { answers, promise, organised, meeting_on } = plan.content;
  const measures = answers.reduce((n, each) => n + each.measures.length, 0);
  const refused = answers.filter((each) => each.refused);
  return (
    <Page
      paper={plan}
      promise={promise}
      refresh={[plansKey]}
      onBack={onBack}
      send={(version, key) => {
        const call = {
          params: { path: { office, id: plan.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { digest: plan.digest },
        };
        return as === "sign"
          ? answer(api.POST("/v1/offices/{office}/plans/{id}/sign", call))
          : answer(api.POST("/v1/offices/{office}/plans/{id}/countersign", call));
      }}
      answers={[
        { label: "方案", value: `${plan.unit_name}，${plan.round_name}，第${plan.edition}版` },
        { label: "组织领导", value: organised },
        { label: "整改专题民主生活会", value: <Day day={meeting_on} /> },
        { label: "逐条答复", value: `${answers.length} 个问题，${measures} 项措施` },
        {
          label: "不认可的问题",
          value: refused.length > 0 ? refused.map((each) => `${each.number}（${each.refused}）`).join("；") : "无",
        },
      ]}
      consequence={
        as === "sign"
          ? "签字后方案内容固定，不能再修改；需要修改时由分管领导或审核单位退回。"
          : "签字后送各方审核。两处签字对应同一份内容。"
      }
      done={as === "sign" ? "已签字，送分管领导签字" : "已签字，送各方审核"}
    />
  );
}
