import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Day, Facts, Instant, Lines, Panel, ProblemNotice, StatusTag, useSession } from "@/parts";
import type { ItemPage } from "../rectification/data";
import { type Request, requestKinds, requestStates, timeQuery } from "./data";
import { type Step, StepDialog, stepWords } from "./StepDialog";

/** The requests for more time of an item; the open one with what this person may do about it. */
export function RequestPanel({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const { data: time, error, refetch } = useQuery(timeQuery({ office, below }, item.id));
  const [step, setStep] = useState<Step | null>(null);
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  const [latest, ...earlier] = time?.requests ?? [];
  if (!time || !latest) return null;
  const steps = (["sign", "approve", "refuse", "withdraw"] as const).filter((each) => latest.allowed.includes(each));
  return (
    <Panel
      title={`${requestKinds[latest.kind]}申请`}
      extra={steps.map((each) => (
        <Button
          key={each}
          type={each === "sign" || each === "approve" ? "primary" : "default"}
          onClick={() => setStep(each)}
        >
          {stepWords[each]}
        </Button>
      ))}
    >
      <RequestFacts request={latest} item={item} />
      {earlier.length > 0 && (
        <details>
          <summary>此前的申请（{earlier.length}）</summary>
          {earlier.map((request) => (
            <RequestFacts key={request.id} request={request} item={item} />
          ))}
        </details>
      )}
      {step && <StepDialog request={latest} step={step} suggested={time.promise} onClose={() => setStep(null)} />}
    </Panel>
  );
}

/** A request, in the order in which it came about. */
function RequestFacts({ request, item }: { request: Request; item: ItemPage }): ReactNode {
  const waiting = request.state === "asked" ? "主要负责人" : request.decider;
  const decided = request.state === "approved" || request.state === "refused";
  return (
    <Facts
      facts={[
        [
          "状态",
          <span key="state">
            <StatusTag words={requestStates} state={request.state} />
            {(request.state === "asked" || request.state === "signed") && (
              <span className="x-hint"> 等待：{waiting}</span>
            )}
          </span>,
        ],
        request.kind === "later"
          ? [
              "申请期限",
              <span key="days">
                <Day day={request.from_on} /> → <Day day={request.until_on} />
              </span>,
            ]
          : ["复核日期", <Day key="days" day={request.until_on} />],
        ["申请原因", <Lines key="reason" text={request.reason} />, "wide"],
        ["佐证", <Files key="files" ids={request.evidence} item={item} />, "wide"],
        ["申请", <Who key="by" name={request.by} at={request.at} />],
        ["签署", <Who key="signed" name={request.signed_by} at={request.signed_at} />],
        ...(request.promise ? [["承诺", <Lines key="promise" text={request.promise} />, "wide"] as const] : []),
        ...(request.ended_at
          ? [
              [decided ? "审批" : "撤回", <Who key="ended" name={request.ended_by} at={request.ended_at} />] as const,
              [decided ? "审批意见" : "撤回原因", <Lines key="note" text={request.note} />, "wide"] as const,
            ]
          : []),
      ]}
    />
  );
}

function Who({ name, at }: { name: string; at: string | null }): ReactNode {
  if (!at) return "--";
  return (
    <>
      {name} <Instant at={at} />
    </>
  );
}

function Files({ ids, item }: { ids: readonly string[]; item: ItemPage }): ReactNode {
  return ids.map((id) => item.files.find((file) => file.id === id)?.name ?? "（已撤回的文件）").join("、");
}
