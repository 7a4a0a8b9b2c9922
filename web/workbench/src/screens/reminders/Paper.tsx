import type { ReactNode } from "react";
import { formatDayLong } from "@/parts";
import type { Letter } from "./data";

/** A letter as it looks on paper: the layout of official documents (GB/T 9704-2012). */
export function Paper({ text, ask }: { text: Letter["text"]; ask?: ReactNode }): ReactNode {
  return (
    <article className="x-paper" aria-label={text.title}>
      <p className="x-paper-head">{text.head}</p>
      <p className="x-paper-number">{text.number || "（未签发稿，未编文号）"}</p>
      <h2 className="x-paper-title">{text.title}</h2>
      <p>{text.to}：</p>
      {text.body.map((paragraph) => (
        <p key={paragraph} className="x-paper-text">
          {paragraph}
        </p>
      ))}
      {ask ?? <p className="x-paper-text">{text.ask}</p>}
      {text.reply && <p className="x-paper-text">{text.reply}</p>}
      <footer>
        <p>{text.office}</p>
        <p>{formatDayLong(text.dated_on)}</p>
      </footer>
    </article>
  );
}
