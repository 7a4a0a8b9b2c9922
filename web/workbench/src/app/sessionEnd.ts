// When the session ends, as the service tells it. Asking does not lengthen a session; any other request does.

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import type { components } from "@/api/schema";
import { signedOnPath } from "./addresses";
import { meQuery } from "./me";

/** How long before the end a person is warned: no less than two minutes (WCAG 2.2.1), and one more to come back. */
export const WARNING = 3 * 60_000;

/** How often the end is asked for while the warning stands: somebody may go on working in another tab. */
const WATCH = 15_000;

/** How soon it is asked for again when no answer came, which may be in the last minutes. */
const RETRY = 5_000;

/** What is known of the end. */
export interface SessionEnd {
  /** By the service's clock. */
  at: string;
  /** Resting ends it, or it has lasted as long as a session may: then only signing on again helps. */
  why: "idle" | "longest";
}

/** What to do about an answer: warn now, or ask again in so many milliseconds. */
export function plan(told: components["schemas"]["SessionEnd"]): { end: SessionEnd | null; again: number } {
  const left = Date.parse(told.rests_at) - Date.parse(told.now);
  if (left > WARNING) return { end: null, again: left - WARNING };
  const longest = Date.parse(told.rests_at) >= Date.parse(told.ends_at);
  return {
    end: { at: told.rests_at, why: longest ? "longest" : "idle" },
    again: Math.max(1000, Math.min(WATCH, left + 1000)),
  };
}

/** What to do without an answer: a failure that passes takes no warning away, any other says that nobody is signed on. */
function unanswered(why: unknown): { end?: null; again: number } {
  return why instanceof Problem && why.passing ? { again: RETRY } : { end: null, again: 60_000 };
}

/** The end of the session once it is near, and what keeps it open. */
export function useSessionEnd(): { end: SessionEnd | null; stay: () => Promise<void> } {
  const queries = useQueryClient();
  const [end, setEnd] = useState<SessionEnd | null>(null);
  const [asked, ask] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks anew
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async () => {
      clearTimeout(timer);
      // A session that has ended brings up the dialog for signing on again, and the answer waits for it.
      const next = await answer(api.GET("/v1/session")).then(plan, unanswered);
      if (over) return;
      if (next.end !== undefined) setEnd(next.end);
      timer = setTimeout(() => void look(), next.again);
    };
    const seen = () => {
      if (document.visibilityState === "visible") void look(); // timers stand still while a machine sleeps
    };
    const channel = new BroadcastChannel(signedOnPath);
    channel.onmessage = () => void look();
    document.addEventListener("visibilitychange", seen);
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
      channel.close();
      document.removeEventListener("visibilitychange", seen);
    };
  }, [asked]);

  const stay = useCallback(async () => {
    await queries.fetchQuery({ ...meQuery, staleTime: 0 }).catch(() => null);
    ask((n) => n + 1);
  }, [queries]);
  return { end, stay };
}
