import type { ReactNode } from "react";
import "./sheet.css";

/** A document as it looks on paper: the layout of official documents (GB/T 9704-2012). */
export function Sheet({
  head,
  number,
  title,
  to,
  children,
  from,
  dated,
}: {
  /** The red head of a letter, and its number below it; a report has none. */
  head?: string;
  number?: string;
  title: string;
  to: string;
  children: ReactNode;
  from: string;
  dated: string;
}): ReactNode {
  return (
    <article className="x-paper" aria-label={title}>
      {head && <p className="x-paper-head">{head}</p>}
      {number && <p className="x-paper-number">{number}</p>}
      <h2 className="x-paper-title">{title}</h2>
      <p>{to}：</p>
      {children}
      <footer>
        <p>{from}</p>
        <p>{dated}</p>
      </footer>
    </article>
  );
}
