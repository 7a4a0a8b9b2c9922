// Small parts that show one value the same way everywhere.

import type { ReactNode } from "react";
import { asProblem, sentence } from "@/api/problem";
import { formatDay, formatDeadline, formatInstant, NO_DATA, standing } from "@/words/dates";
import { formatCount, formatWan, formatYuan } from "@/words/numbers";
import { type Tone, type Vocabulary, wordOf } from "@/words/states";

/** A word with its tone: a pill, or plain text for what is finished. */
export function Tag({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return <span className={`x-tag x-tone-${tone}`}>{children}</span>;
}

/** The state of something, in the product's own words. */
export function StatusTag({ words, state }: { words: Vocabulary; state: string | null | undefined }): ReactNode {
  if (!state) return NO_DATA;
  return <Tag tone={words[state]?.tone ?? "neutral"}>{wordOf(words, state)}</Tag>;
}

/** The flags on something, in the order of the vocabulary. */
export function FlagTags({
  words,
  flags,
}: {
  words: Vocabulary;
  flags: readonly string[] | null | undefined;
}): ReactNode {
  const held = Object.keys(words).filter((code) => flags?.includes(code));
  return held.map((code) => <StatusTag key={code} words={words} state={code} />);
}

/** 「逾期 36 天」「剩 6 天」; nothing to say once the thing is done. */
export function Standing({ due, done }: { due: string | null | undefined; done?: boolean }): ReactNode {
  const how = done ? null : standing(due);
  if (how === null) return NO_DATA;
  return <span className={`x-number x-standing-${how.tone}`}>{how.text}</span>;
}

/** A deadline, with its weekday when near. The whole day is told on hover. */
export function Deadline({ due }: { due: string | null | undefined }): ReactNode {
  return (
    <span className="x-number" title={due ? formatDay(due) : undefined}>
      {formatDeadline(due)}
    </span>
  );
}

/** A day in a list. */
export function Day({ day }: { day: string | null | undefined }): ReactNode {
  return <span className="x-number">{formatDay(day)}</span>;
}

/** An instant, to the minute. */
export function Instant({ at }: { at: string | null | undefined }): ReactNode {
  return <span className="x-number">{formatInstant(at)}</span>;
}

/** A count. */
export function Count({ n }: { n: number | null | undefined }): ReactNode {
  return <span className="x-number">{formatCount(n)}</span>;
}

/** Money in fen: 元 in tables (the header names the unit), 万元 in prose. */
export function Money({ fen, prose }: { fen: number | null | undefined; prose?: boolean }): ReactNode {
  return <span className="x-number">{prose ? formatWan(fen) : formatYuan(fen)}</span>;
}

/** Text with its own line breaks; `--` when there is none. */
export function Lines({ text }: { text: string | null | undefined }): ReactNode {
  return text ? <span className="x-lines">{text}</span> : NO_DATA;
}

/** A line that tells something about what is below it. */
export function Notice({
  tone,
  role = "status",
  actions,
  children,
}: {
  tone: Exclude<Tone, "plain">;
  role?: "status" | "alert";
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <div className={`x-notice x-tone-${tone}`} role={role}>
      <div className="x-notice-text">{children}</div>
      {actions}
    </div>
  );
}

/**
 * What failed and what to do, with a way to try again where that may help: not for what the service will refuse again.
 * What was entered stays where it is.
 */
export function ProblemNotice({ problem, retry }: { problem: unknown; retry?: () => void }): ReactNode {
  if (problem === null || problem === undefined) return null;
  const known = asProblem(problem);
  const fields = known.fields.filter((field) => field.message !== "" && field.message !== known.message);
  return (
    <Notice
      tone="danger"
      role="alert"
      actions={
        retry &&
        (known.passing || known.status === 401) && (
          <button type="button" className="x-plain-button" onClick={retry}>
            {known.passing ? "重试" : "重新登录"}
          </button>
        )
      }
    >
      {sentence(known)}
      {fields.length > 0 && (
        <ul>
          {fields.map((field) => (
            <li key={`${field.pointer} ${field.code}`}>{field.message}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** What will be here, and the first thing to do. */
export function Empty({ children, actions }: { children: ReactNode; actions?: ReactNode }): ReactNode {
  return (
    <div className="x-empty">
      <p>{children}</p>
      {actions && <div className="x-empty-actions">{actions}</div>}
    </div>
  );
}

/** The person is missing a right: who can help, by name. */
export function NoRight({ contact }: { contact?: string }): ReactNode {
  return <Empty>你没有查看此内容的权限。需要时请联系：{contact || "本单位管理员"}。</Empty>;
}

/** Facts about an object, label over value. `wide` gives one a line of its own. */
export function Facts({
  facts,
}: {
  facts: readonly (readonly [label: string, value: ReactNode, wide?: "wide"])[];
}): ReactNode {
  return (
    <dl className="x-facts">
      {facts.map(([label, value, wide]) => (
        <div key={label} className={wide && "x-fact-wide"}>
          <dt>{label}</dt>
          <dd>{value === null || value === undefined || value === "" ? NO_DATA : value}</dd>
        </div>
      ))}
    </dl>
  );
}
