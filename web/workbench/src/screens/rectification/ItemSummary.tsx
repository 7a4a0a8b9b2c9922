import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import {
  Day,
  Deadline,
  Facts,
  FlagTags,
  Lines,
  Money,
  Notice,
  ProblemNotice,
  rectificationFlags,
  rectificationStates,
  Standing,
  StatusTag,
  useDelayed,
  useSession,
} from "@/parts";
import { itemHref } from "./addresses";
import { type ItemPage, itemQuery } from "./data";
import { actionWords, cameBack, reviewWords } from "./words";
import "./rectification.css";

/** An item beside the list: enough to know where it stands, and the way to its page. */
export function ItemSummary({ id }: { id: string }): ReactNode {
  const { office, below } = useSession();
  const { data: item, error, isPending, refetch } = useQuery(itemQuery({ office, below }, id));
  const waiting = useDelayed(isPending);
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!item) return waiting && <p className="x-hint">正在加载…</p>;
  const next = mainAction(item);
  return (
    <>
      <ReturnedNotice item={item} />
      <ItemFacts item={item} />
      <h3 className="x-part-title">整改措施（{item.measures.length}）</h3>
      <ol className="x-measure-list">
        {item.measures.map((measure) => (
          <li key={measure.id}>
            <p className="x-lines">{measure.text}</p>
            <p className="x-hint">
              {[measure.leader, measure.department].filter(Boolean).join("，")}
              {measure.due_on && `，${measure.due_on} 前`}
              {measure.done && "，已完成"}
            </p>
            {measure.progress && <p className="x-lines">{measure.progress}</p>}
          </li>
        ))}
      </ol>
      <div className="x-form-actions">
        <Button type={next ? "primary" : "default"} href={itemHref({ office, below }, id)}>
          {next ? actionWords[next] : "查看完整页面"}
        </Button>
      </div>
    </>
  );
}

/** What was returned and why, as the unit must read it. */
export function ReturnedNotice({ item }: { item: ItemPage }): ReactNode {
  if (!cameBack(item) || !item.return_note) return null;
  return (
    <Notice tone="warning">
      <strong>退回重报：</strong>
      <span className="x-lines">{item.return_note}</span>
    </Notice>
  );
}

/** The facts of an item, in the order of the ledger. */
export function ItemFacts({ item }: { item: ItemPage }): ReactNode {
  return (
    <Facts
      facts={[
        ["反馈问题", <Lines key="text" text={item.text} />, "wide"],
        ["单位", item.unit_name],
        ["类别", item.category],
        [
          "状态",
          <span key="state">
            <StatusTag words={rectificationStates} state={item.state} />{" "}
            <FlagTags words={rectificationFlags} flags={item.flags} />
          </span>,
        ],
        [
          "整改期限",
          <span key="due">
            <Deadline due={item.due_on} /> {item.days_left !== null && <Standing due={item.due_on} />}
            {item.due_provisional && <span className="x-hint"> 暂定，待节假日安排公布后重算</span>}
            {item.due_note && <span className="x-hint"> {item.due_note}</span>}
          </span>,
        ],
        ["反馈日期", <Day key="feedback" day={item.feedback_on} />],
        item.state === "long-term"
          ? ["复核日期", <Day key="review" day={item.review_on} />]
          : ["销号日期", <Day key="closed" day={item.closed_on} />],
        ...(item.review ? [["联合审核", reviewWords(item.review)] as const] : []),
        ["涉及金额（元）", <Money key="amount" fen={item.amount_fen} />],
        [
          "已追回（元）",
          <Money key="recovered" fen={item.amount_fen === null ? item.recovered_fen || null : item.recovered_fen} />,
        ],
        ["整改目标", <Lines key="goal" text={item.goal} />, "wide"],
        ["最新进展", <Lines key="progress" text={item.progress} />, "wide"],
      ]}
    />
  );
}

/** What this person is most likely here to do. */
export function mainAction(item: Pick<ItemPage, "allowed">): ItemPage["allowed"][number] | undefined {
  const order = ["opinion", "return", "accept", "submit", "start"] as const;
  return order.find((action) => item.allowed.includes(action));
}
