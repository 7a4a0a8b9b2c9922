import { Checkbox } from "antd";
import { type ReactNode, useState } from "react";
import { formatInstant } from "@/words/dates";
import { Empty } from "./show";
import "./timeline.css";

/** One thing that happened. */
export interface Event {
  key: string;
  at: string;
  /** Groups for the filter: 审核, 佐证, 催办. */
  kind: string;
  /** Who, with office or post on first mention. */
  who: string;
  /** What, verb first: 「退回：无拨付凭证」. */
  what: ReactNode;
  tone?: "danger" | "warning" | "success";
}

/** What happened, newest first, with a filter by kind. */
export function Timeline({ events, empty = "还没有记录。" }: { events: readonly Event[]; empty?: string }): ReactNode {
  const kinds = [...new Set(events.map((event) => event.kind))];
  const [hidden, setHidden] = useState<readonly string[]>([]);
  if (events.length === 0) return <Empty>{empty}</Empty>;
  const shown = events.filter((event) => !hidden.includes(event.kind)).sort((a, b) => (a.at < b.at ? 1 : -1));
  return (
    <>
      {kinds.length > 1 && (
        <Checkbox.Group
          className="x-no-print"
          options={kinds}
          value={kinds.filter((kind) => !hidden.includes(kind))}
          onChange={(chosen) => setHidden(kinds.filter((kind) => !chosen.includes(kind)))}
        />
      )}
      <ol className="x-timeline">
        {shown.map((event) => (
          <li key={event.key} className={event.tone && `x-timeline-${event.tone}`}>
            <time dateTime={event.at} className="x-number">
              {formatInstant(event.at)}
            </time>
            <span className="x-timeline-who">{event.who}</span>
            <div>{event.what}</div>
          </li>
        ))}
      </ol>
    </>
  );
}
