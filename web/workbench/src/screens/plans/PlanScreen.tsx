import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Lines, Notice, Page, ProblemNotice, ReadyButton, StatusTag, TakeOut, useDelayed, useSession } from "@/parts";
import { Review, Signatures } from "../papers/Standing";
import { Answers } from "./Answers";
import { exportPlan, type Plan, planQuery } from "./data";
import { Frame } from "./Frame";
import { Decide, Opine } from "./Reviewing";
import { Signing } from "./Signing";
import { planStates } from "./words";
import "./plans.css";

/** One edition of a unit's plan: what it says, what it lacks, who stands under it. */
export default function PlanScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const session = useSession();
  const { data: plan, error, isPending, refetch } = useQuery(planQuery(session, id));
  const waiting = useDelayed(isPending);
  const [doing, setDoing] = useState<"sign" | "countersign" | "decline" | "opinion" | "decide" | null>(null);
  if (!plan) {
    return (
      <Page title="整改方案">
        {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
        {waiting && <p className="x-hint">正在加载…</p>}
      </Page>
    );
  }
  const head = { title: `${plan.unit_name}整改方案`, crumb: `${plan.unit_name}第${plan.edition}版` };
  const back = () => setDoing(null);
  if (doing === "sign" || doing === "countersign") {
    return (
      <Page {...head} width="reading" note="核对后签字">
        <Signing plan={plan} as={doing} onBack={back} />
      </Page>
    );
  }
  const may = (action: Plan["allowed"][number]) => plan.allowed.includes(action);
  const blocking = plan.gaps.filter((gap) => gap.blocks).length;
  return (
    <Page
      {...head}
      note={
        <>
          {plan.round_name}，第{plan.edition}版 <StatusTag words={planStates} state={plan.state} />
        </>
      }
      actions={
        <>
          <TakeOut take={() => exportPlan(session, id)} />
          {may("decline") && <Button onClick={() => setDoing("decline")}>退回修改</Button>}
          {may("countersign") && (
            <Button type="primary" onClick={() => setDoing("countersign")}>
              核对并签字
            </Button>
          )}
          {may("sign") && (
            <ReadyButton type="primary" what={[blocking > 0 && `${blocking} 处补齐`]} onClick={() => setDoing("sign")}>
              核对并签字
            </ReadyButton>
          )}
          {may("opinion") && (
            <Button type="primary" onClick={() => setDoing("opinion")}>
              审核方案
            </Button>
          )}
          {(may("return") || may("approve")) && (
            <Button type="primary" onClick={() => setDoing("decide")}>
              {may("approve") ? "同意实施" : "退回修改"}
            </Button>
          )}
        </>
      }
    >
      <Standing plan={plan} />
      <div className="x-papers-columns">
        <div>
          <Frame key={plan.id} plan={plan} />
          <Answers plan={plan} />
        </div>
        <div>
          <Signatures paper={plan} promise={plan.content.promise} />
          <Review
            paper={plan}
            title="方案审核"
            running={plan.state === "reviewing"}
            passed={plan.state === "effective" ? "同意实施" : undefined}
          />
        </div>
      </div>
      {doing === "opinion" && <Opine plan={plan} onClose={back} />}
      {(doing === "decide" || doing === "decline") && (
        <Decide
          plan={plan}
          as={doing === "decline" ? "decline" : may("approve") ? "approve" : "return"}
          onClose={back}
        />
      )}
    </Page>
  );
}

/** What came back, what is missing, what changed since the signatures. */
function Standing({ plan }: { plan: Plan }): ReactNode {
  const drafting = plan.state === "drafting" || plan.state === "returned";
  const whole = plan.gaps.filter((gap) => gap.number === "");
  const inAnswers = plan.gaps.length - whole.length;
  return (
    <>
      {plan.state === "returned" && (
        <Notice tone="warning">
          {plan.decided_by}退回：
          <Lines text={plan.letter} />
        </Notice>
      )}
      {drafting && plan.gaps.length > 0 && (
        <Notice tone="info">
          {whole.map((gap) => gap.message).join("")}
          {inAnswers > 0 && `逐条答复中有 ${inAnswers} 处需要补齐或写具体，已在下面标出。`}
        </Notice>
      )}
      {plan.changed.length > 0 && (
        <Notice tone="info">
          签字之后，台账中 {plan.changed.join("、")} 的措施有改动。这里显示的是签字时的内容
          {plan.state === "effective" ? "；需要调整方案的，请另立新版。" : "。"}
        </Notice>
      )}
    </>
  );
}
