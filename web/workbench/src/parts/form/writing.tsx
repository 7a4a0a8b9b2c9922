import type { QueryKey } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { useWrite } from "@/api/write";
import { formatInstant } from "@/words/dates";
import { useKeys } from "../keys";
import { Notice } from "../show";
import { say } from "../toast";
import { useLocalDraft } from "./autosave";
import { useLeaveGuard } from "./leave";
import { WriteProblem } from "./stale";
import { answered, begun, changedIn, followed, type Read, untouched, type Work } from "./work";

/** What somebody writes into a row. */
export interface Writing<T> {
  form: T;
  change: (what: Partial<T>) => void;
  save: () => void;
  dirty: boolean;
  pending: boolean;
  /** What to say above the form: a draft that was found, or what the last attempt ran into. */
  notices: ReactNode;
}

/** What a form writes, and how. */
export interface Written<Row extends { version: number }, T extends object> {
  /** The row as it was last read. */
  row: Row;
  /** What the form shows of a row. */
  formOf: (row: Row) => T;
  /** The fields' words, for what somebody else wrote meanwhile. */
  fields: readonly (readonly [key: keyof T & string, title: string])[];
  /** How fields are told where their values are not words themselves. */
  words?: (form: T) => Readonly<Record<string, unknown>>;
  /** Saves what was changed on top of a version. `whole` is that version with the changes in it. */
  send: (change: Partial<T>, version: number, whole: T) => Promise<Row>;
  refresh: readonly QueryKey[];
  /** 「已保存整改方案」 */
  done: string;
  /** Names the copy in this browser: `plan:…`. None is kept without, and leaving the page asks. */
  draft?: string;
  /** Whether the form can be saved; always, when absent. */
  ready?: (form: T) => boolean;
  /** False where another form of the page has Ctrl+S. */
  keys?: boolean;
}

/**
 * A form whose text stays until it is saved, by its button, Ctrl+S or Ctrl+Enter. It sends what was changed, on the
 * version on which that was written; another's change in the same place is shown before anything goes over it.
 */
export function useWriting<Row extends { version: number }, T extends object>(of: Written<Row, T>): Writing<T> {
  const { row, formOf, draft, fields, words } = of;
  const readOf = (from: Row): Read<T> => ({ content: formOf(from), version: from.version });
  const { draft: found, keep, drop } = useLocalDraft<Work<T>>(draft);
  const [work, setWork] = useState(() => begun(readOf(row), found?.value ?? null));
  const [restored, setRestored] = useState(() => found !== null && !untouched(work));
  const latest = useRef(work);
  const put = useCallback(
    (next: Work<T>) => {
      latest.current = next;
      setWork(next);
      if (untouched(next)) drop();
      else keep(next);
    },
    [keep, drop],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row is another one when its version is
  useEffect(() => {
    const next = followed(latest.current, readOf(row));
    if (next !== latest.current) put(next);
  }, [row.version, put]);
  const changed = changedIn(work);
  const dirty = Object.keys(changed).length > 0;
  useLeaveGuard(dirty && draft === undefined, dirty);

  const write = useWrite({
    run: (sent: { change: Partial<T>; version: number; whole: T; form: T }) =>
      of.send(sent.change, sent.version, sent.whole),
    refresh: of.refresh,
    onDone: (saved, sent) => {
      put(answered(latest.current, sent.form, readOf(saved)));
      setRestored(false);
      say(of.done);
    },
  });
  const save = (on: Read<T> = latest.current.base) => {
    const { form } = latest.current;
    const change = changedIn(latest.current);
    if (of.ready?.(form) === false || Object.keys(change).length === 0) return;
    write.send({ change, version: on.version, whole: { ...on.content, ...change }, form });
  };
  const saveByKey = () => save();
  useKeys({ "Ctrl+S": saveByKey, "Ctrl+Enter": saveByKey }, of.keys ?? true);
  const told = words ?? ((form: T) => form as Readonly<Record<string, unknown>>);
  const inRow = (current: Readonly<Record<string, unknown>>) => formOf(current as unknown as Row);
  return {
    form: work.form,
    change: (what) => put({ ...latest.current, form: { ...latest.current.form, ...what } }),
    save: saveByKey,
    dirty,
    pending: write.pending,
    notices: (
      <>
        {restored && (
          <Notice
            tone="info"
            actions={
              <button
                type="button"
                className="x-plain-button"
                onClick={() => {
                  put(begun(readOf(row), null));
                  setRestored(false);
                }}
              >
                放弃本机草稿
              </button>
            }
          >
            已恢复本机草稿（{formatInstant(found?.at)}），尚未保存。
          </Notice>
        )}
        <WriteProblem
          problem={write.problem}
          mine={told(work.form)}
          theirs={(current) => told(inRow(current))}
          fields={fields.filter(([key]) => key in changed)}
          onTheirs={(version, current) => save({ version, content: inRow(current) })}
          retry={saveByKey}
        />
      </>
    ),
  };
}
