// A draft saves itself a moment after the last key (UX 6.2, 3), says when, and keeps a copy in this browser where that
// is allowed, for the day the network or the browser dies.

import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem, sentence } from "@/api/problem";
import { useSession } from "@/app/session";
import { now } from "@/words/clock";
import { formatTime } from "@/words/dates";
import { useKeys } from "../keys";
import { draftKey } from "./drafts";

/** How a draft stands. */
export interface Autosave {
  state: "idle" | "changed" | "saving" | "saved" | "failed";
  savedAt: Date | null;
  problem: Problem | null;
  /** Saves at once, e.g. before leaving. */
  saveNow: () => Promise<void>;
}

/** Saves `value` some time after it last changed, and on Ctrl+S. Saves never overlap; the last value always wins. */
export function useAutosave<T>(
  value: T,
  save: (value: T) => Promise<unknown>,
  { delay = 3000, on = true } = {},
): Autosave {
  const [state, setState] = useState<Autosave["state"]>("idle");
  const [savedAt, setSavedAt] = useState<Date | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const print = JSON.stringify(value);
  const latest = useRef({ value, save, print });
  latest.current = { value, save, print };
  const kept = useRef(print);
  const running = useRef<Promise<void> | null>(null);

  const run = useCallback(async () => {
    while (latest.current.print !== kept.current) {
      const { value, save, print } = latest.current;
      setState("saving");
      try {
        await save(value);
        kept.current = print;
        setSavedAt(now());
        setProblem(null);
        setState("saved");
      } catch (thrown) {
        setProblem(asProblem(thrown));
        setState("failed");
        return;
      }
    }
  }, []);
  const saveNow = useCallback(() => {
    running.current ??= run().finally(() => {
      running.current = null;
    });
    return running.current;
  }, [run]);

  useEffect(() => {
    if (!on || print === kept.current) return;
    setState("changed");
    const timer = setTimeout(() => void saveNow(), delay);
    return () => clearTimeout(timer);
  }, [print, on, delay, saveNow]);
  useKeys({ "Ctrl+S": () => void saveNow() }, on);
  return { state, savedAt, problem, saveNow };
}

/** 「已保存 10:21」 */
export function AutosaveMark({ autosave }: { autosave: Autosave }): ReactNode {
  const { state, savedAt, problem } = autosave;
  const words = {
    idle: "",
    changed: "未保存",
    saving: "正在保存…",
    saved: `已保存 ${formatTime(savedAt)}`,
    failed: problem ? sentence(problem) : "",
  }[state];
  return (
    <span role="status" className={state === "failed" ? "x-standing-danger" : "x-hint x-number"}>
      {words}
    </span>
  );
}

/**
 * A person's draft kept in this browser under a name; `null` when there is none. Without a name nothing is kept: letters,
 * talks and leads are not (shared PCs).
 */
export function useLocalDraft<T>(name: string | undefined): {
  draft: { value: T; at: string } | null;
  keep: (value: T) => void;
  drop: () => void;
} {
  const { grant } = useSession().identity;
  const key = name === undefined ? null : draftKey(grant, name);
  const [draft] = useState<{ value: T; at: string } | null>(() => {
    if (key === null) return null;
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  });
  const keep = useCallback(
    (value: T) => {
      if (key === null) return;
      try {
        localStorage.setItem(key, JSON.stringify({ value, at: now().toISOString() }));
      } catch {
        // No room: the draft on the service is still there.
      }
    },
    [key],
  );
  const drop = useCallback(() => {
    if (key !== null) localStorage.removeItem(key);
  }, [key]);
  return { draft, keep, drop };
}
