import type { ReactNode } from "react";
import { formatDayLong } from "@/parts";
import { Sheet } from "../papers/Sheet";
import type { Letter } from "./data";

/** A letter as it looks on paper. */
export function Paper({ text, ask }: { text: Letter["text"]; ask?: ReactNode }): ReactNode {
  return (
    <Sheet
      head={text.head}
      number={text.number || "（未签发稿，未编文号）"}
      title={text.title}
      to={text.to}
      from={text.office}
      dated={formatDayLong(text.dated_on)}
    >
      {text.body.map((paragraph) => (
        <p key={paragraph} className="x-paper-text">
          {paragraph}
        </p>
      ))}
      {ask ?? <p className="x-paper-text">{text.ask}</p>}
      {text.reply && <p className="x-paper-text">{text.reply}</p>}
    </Sheet>
  );
}
