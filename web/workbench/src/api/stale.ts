// A lost race (412) carries what the row is now. The person keeps what was typed, sees who changed what, and decides.

import { formatAgo } from "@/words/dates";
import type { Problem } from "./problem";

/** What a 412 tells of the row as it is now. */
export interface Stale {
  current: Readonly<Record<string, unknown>>;
  version: number | null;
  /** 「顾晓岚 2 分钟前已更新此条」 */
  line: string;
}

/** Reads a stale answer out of a problem; null when it is another kind of problem. */
export function staleOf(problem: Problem | null, at?: Date): Stale | null {
  if (problem?.status !== 412) return null;
  const told = problem.more.current;
  const current = typeof told === "object" && told !== null ? (told as Record<string, unknown>) : {};
  const who = text(current.changed_by) ?? "他人";
  const when = text(current.changed_at);
  const version = typeof current.version === "number" ? current.version : null;
  return { current, version, line: `${who}${when ? ` ${formatAgo(when, at)}` : ""}已更新此条` };
}

/** One field that differs between what the person has and what the row is now. */
export interface Difference {
  key: string;
  title: string;
  mine: string;
  theirs: string;
}

/** The fields that differ, in the order given. */
export function differences(
  mine: Readonly<Record<string, unknown>>,
  theirs: Readonly<Record<string, unknown>>,
  fields: readonly (readonly [key: string, title: string])[],
): Difference[] {
  return fields
    .map(([key, title]) => ({ key, title, mine: shown(mine[key]), theirs: shown(theirs[key]) }))
    .filter((each) => each.mine !== each.theirs);
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
