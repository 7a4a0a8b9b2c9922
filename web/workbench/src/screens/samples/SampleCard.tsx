import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Day, Facts, Instant, Lines, NO_DATA, StatusTag, useSession } from "@/parts";
import { itemHref, type SampleItem, sampleStates, sampleWhys } from "./data";
import { type Step, StepDialog, stepWords } from "./StepDialog";

const steps: readonly Step[] = ["look", "refute", "confirm"];

/** What is known of one item that was drawn, and what may be done with it. */
export function SampleCard({ item }: { item: SampleItem }): ReactNode {
  const { office } = useSession();
  const [doing, setDoing] = useState<Step | null>(null);
  const looked = item.looked_at !== null;
  const offered = steps.filter((each) => item.allowed.includes(each) && (looked || each === "look"));
  return (
    <>
      <SampleFacts item={item} />
      {item.problem === "" && <p className="x-hint">写明理由查阅后显示问题内容。理由记入下级的日志，下级可以看到。</p>}
      <div className="x-form-actions">
        {looked && <Button href={itemHref(office, item)}>打开事项</Button>}
        {offered.map((each) => (
          <Button
            key={each}
            type={each === (looked ? "confirm" : "look") ? "primary" : "default"}
            onClick={() => setDoing(each)}
          >
            {each === "look" && looked ? "再次查阅" : stepWords[each].name}
          </Button>
        ))}
      </div>
      {doing && <StepDialog item={item} step={doing} onClose={() => setDoing(null)} />}
    </>
  );
}

/** The same without what may be done. */
export function SampleFacts({ item }: { item: SampleItem }): ReactNode {
  return (
    <Facts
      facts={[
        ["状态", <StatusTag key="state" words={sampleStates} state={item.state} />],
        ["抽取原因", sampleWhys[item.why]],
        ["销号日期", <Day key="closed" day={item.closed_on} />],
        ["查阅", <By key="looked" who={item.looked_by} at={item.looked_at} />],
        ["查阅理由", item.purpose || NO_DATA],
        ["结论", <By key="decided" who={item.decided_by} at={item.decided_at} />],
        ["重新整改期限", <Day key="due" day={item.due_on} />],
        ["执行", <Instant key="carried" at={item.carried_at} />],
        ...(item.problem ? ([["反馈问题", <Lines key="problem" text={item.problem} />, "wide"]] as const) : []),
        ...(item.fact ? ([["核查情况", <Lines key="fact" text={item.fact} />, "wide"]] as const) : []),
        ...(item.lapse ? ([["未执行原因", item.lapse, "wide"]] as const) : []),
      ]}
    />
  );
}

function By({ who, at }: { who: string; at: string | null }): ReactNode {
  if (!at) return NO_DATA;
  return (
    <>
      {who} <Instant at={at} />
    </>
  );
}
