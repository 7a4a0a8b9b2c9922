// Sends what was written on site. Pictures go first, each under its own name, so that one sent twice is kept once; then the
// words, under the entry's key and with the version they were based on. The service never lets them overwrite a newer one:
// then the entry stays here beside what the service has, and the person chooses.

import { type Problem, problemOf } from "@/api/problem";
import type { Entry, Visit } from "./store";

/** Sends one request. Rejects when there is no network. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

/** What became of an entry. */
export type Sent =
  | { state: "sent"; visit: Visit }
  /** Stays: no network, no session, or refused. `entry` has what is known now. */
  | { state: "kept"; entry: Entry; problem: Problem | null };

/** Sends one entry; `keep` is called whenever something of it has reached the service. */
export async function sendEntry(entry: Entry, send: Send, keep: (entry: Entry) => Promise<void>): Promise<Sent> {
  const root = `/v1/offices/${entry.office}/visits/${entry.visit}`;
  let now = entry;
  try {
    for (const shot of entry.shots) {
      if (shot.sent) continue;
      const response = await send(`${root}/photos/${shot.id}?taken_at=${encodeURIComponent(shot.takenAt)}`, {
        method: "PUT",
        headers: { "Content-Type": "application/octet-stream" },
        body: shot.blob,
      });
      if (!response.ok) return refused(now, await problem(response));
      now = { ...now, shots: now.shots.map((each) => (each.id === shot.id ? { ...each, sent: true } : each)) };
      await keep(now);
    }
    const response = await send(`${root}/report`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": entry.key, "If-Match": `"${entry.base}"` },
      body: JSON.stringify(bodyOf(entry)),
    });
    if (response.ok) return { state: "sent", visit: (await response.json()) as Visit };
    return refused(now, await problem(response));
  } catch {
    return { state: "kept", entry: now, problem: null };
  }
}

/** The person keeps the own words: they are sent again, now knowing what was there. */
export function keepMine(entry: Entry, key: string): Entry {
  const { theirs, problem: _, ...rest } = entry;
  return theirs ? { ...rest, base: theirs.version, key } : entry;
}

function refused(entry: Entry, why: Problem): Sent {
  const theirs = why.status === 412 ? (why.more.current as Visit | undefined) : undefined;
  const passing = why.passing || why.status === 401;
  const known = passing ? entry : { ...entry, theirs, problem: theirs ? undefined : why.message };
  return { state: "kept", entry: known, problem: why };
}

async function problem(response: Response): Promise<Problem> {
  return problemOf(response, await response.json().catch(() => null));
}

function bodyOf({ form }: Entry) {
  const { latitude, longitude, consent, visitedAt, ...rest } = form;
  const located = consent && latitude !== null && longitude !== null;
  return { ...rest, visited_at: visitedAt, consent: located, ...(located && { latitude, longitude }) };
}
