import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Day, Instant, Panel, useSession } from "@/parts";
import type { ItemPage } from "../rectification/data";
import { type TimePage, timeQuery } from "./data";

/** 期限沿革: every last day the item had, the present one first. */
export function DeadlineList({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const { data: time } = useQuery(timeQuery({ office, below }, item.id));
  if (!time) return null;
  return (
    <Panel title="期限沿革">
      <DeadlineHistory deadlines={time.deadlines} />
    </Panel>
  );
}

/** The days themselves, the present one first. */
export function DeadlineHistory({ deadlines }: { deadlines: TimePage["deadlines"] }): ReactNode {
  return (
    <ol className="x-links">
      {[...deadlines].reverse().map((deadline) => (
        <li key={deadline.version}>
          {deadline.review_on ? (
            <>
              复核 <Day day={deadline.review_on} />
            </>
          ) : (
            <Day day={deadline.due_on} />
          )}{" "}
          <span className="x-hint">{deadline.called}</span>
          <div className="x-hint">
            <Instant at={deadline.at} /> {deadline.by}
            {deadline.note && <div>{deadline.note}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
