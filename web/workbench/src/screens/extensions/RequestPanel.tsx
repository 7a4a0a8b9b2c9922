import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Day, Facts, Instant, Lines, Notice, Panel, ProblemNotice, StatusTag, useSession } from "@/parts";
import type { ItemPage } from "../rectification/data";
import { grantedDays, type Request, requestKinds, statesOf, timeQuery } from "./data";
import { type Step, StepDialog, steps, stepWords } from "./StepDialog";

type FactList = Parameters<typeof Facts>[0]["facts"];

/** The requests for more time of an item; the open one with what this person may do about it. */
export function RequestPanel({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const { data: time, error, refetch } = useQuery(timeQuery({ office, below }, item.id));
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  const [latest, ...earlier] = time?.requests ?? [];
  if (!time || !latest) return null;
  return (
    <Panel title={`${requestKinds[latest.kind]}申请`} extra={<StepButtons request={latest} suggested={time.promise} />}>
      <RequestFacts request={latest} item={item} />
      {earlier.length > 0 && (
        <details>
          <summary>此前的申请（{earlier.length}）</summary>
          {earlier.map((request) => (
            <RequestFacts key={request.id} request={request} item={item} />
          ))}
        </details>
      )}
    </Panel>
  );
}

/** What this person may do with a request. */
export function StepButtons({ request, suggested }: { request: Request; suggested: string }): ReactNode {
  const [step, setStep] = useState<Step | null>(null);
  const main: readonly Step[] = ["sign", "forward", "approve", "grant"];
  return (
    <>
      {steps
        .filter((each) => request.allowed.includes(each))
        .map((each) => (
          <Button key={each} type={main.includes(each) ? "primary" : "default"} onClick={() => setStep(each)}>
            {stepWords[each].name}
          </Button>
        ))}
      {step && <StepDialog request={request} step={step} suggested={suggested} onClose={() => setStep(null)} />}
    </>
  );
}

/** A request, in the order in which it came about. */
function RequestFacts({ request, item }: { request: Request; item: ItemPage }): ReactNode {
  const files =
    request.files.length > 0
      ? request.files.map((file) => file.name)
      : request.evidence.map((id) => item.files.find((file) => file.id === id)?.name ?? "（已撤回的文件）");
  return (
    <>
      <Altered request={request} />
      <Facts facts={factsOf(request, files)} />
    </>
  );
}

/** Says that a request is not what was signed: nobody goes on with it. */
export function Altered({ request }: { request: Request }): ReactNode {
  if (request.intact) return null;
  return <Notice tone="danger">申请内容与签署时不一致，已停止办理。请联系系统管理员核查操作日志。</Notice>;
}

const waitsFor: Readonly<Partial<Record<Request["state"], (request: Request) => string>>> = {
  asked: () => "主要负责人",
  signed: ({ above, decider }) => (above ? "巡察办转报" : decider),
  forwarded: ({ decider }) => decider,
};

/** What a request says, in the order in which it came about. */
export function factsOf(request: Request, files: readonly string[]): FactList {
  const decided = request.state !== "withdrawn";
  const waiting = waitsFor[request.state]?.(request);
  return [
    [
      "状态",
      <span key="state">
        <StatusTag words={statesOf(request)} state={request.state} />
        {waiting && <span className="x-hint"> 等待：{waiting}</span>}
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
    ["佐证", files.join("、"), "wide"],
    ["申请", <Who key="by" name={request.by} at={request.at} />],
    ["签署", <Who key="signed" name={request.signed_by} at={request.signed_at} />],
    ...(request.promise ? [["承诺", <Lines key="promise" text={request.promise} />, "wide"] as const] : []),
    ...(request.digest
      ? [
          [
            "校验码",
            <span key="digest" className="x-code">
              {request.digest.slice(0, 16)}
            </span>,
          ] as const,
        ]
      : []),
    ...(request.forwarded_at
      ? [
          ["转报", <Who key="forwarded" name={request.opinion_by} at={request.forwarded_at} />] as const,
          ["转报意见", <Lines key="opinion" text={request.opinion} />, "wide"] as const,
        ]
      : []),
    ...(request.granted_on && request.granted_on !== request.until_on
      ? [[grantedDays[request.kind], <Day key="granted" day={request.granted_on} />] as const]
      : []),
    ...(request.ended_at
      ? [
          [decided ? "审批" : "撤回", <Who key="ended" name={request.ended_by} at={request.ended_at} />] as const,
          [decided ? "审批意见" : "撤回原因", <Lines key="note" text={request.note} />, "wide"] as const,
        ]
      : []),
    ...(request.lapse ? [["未执行的原因", request.lapse, "wide"] as const] : []),
  ];
}

function Who({ name, at }: { name: string; at: string | null }): ReactNode {
  if (!at) return "--";
  return (
    <>
      {name} <Instant at={at} />
    </>
  );
}
