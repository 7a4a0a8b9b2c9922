// Sends what was written on site. Pictures go first, each under its own name, so that one sent twice is kept once; then the
// words, under the entry's key and with the version they were based on. The service never lets them overwrite a newer one:
// then the entry stays here beside what the service has, and the person chooses. Sending takes time, and the person may go on
// writing: an answer only ever settles the words that it is the answer to.

import { type Problem, problemOf } from "@/api/problem";
import type { Entry, Step, Visit } from "./store";

/** Sends one request. Rejects when there is no network. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

/** Sends one entry. `keep` is given what follows for what is kept, whenever something of it has reached the service. */
export async function sendEntry(entry: Entry, send: Send, keep: (step: Step) => Promise<void>): Promise<void> {
  const root = `/v1/offices/${entry.office}/visits/${entry.visit}`;
  const answered = (path: string, init: RequestInit) => send(`${root}${path}`, init).catch(() => null);
  for (const shot of entry.shots) {
    if (shot.sent) continue;
    const response = await answered(`/photos/${shot.id}?taken_at=${encodeURIComponent(shot.takenAt)}`, {
      method: "PUT",
      headers: { "Content-Type": "application/octet-stream" },
      body: shot.blob,
    });
    if (response === null) return;
    if (!response.ok) return keep(refused(entry, await problem(response)));
    await keep(arrived(shot.id));
  }
  const response = await answered("/report", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": entry.key, "If-Match": `"${entry.base}"` },
    body: JSON.stringify(bodyOf(entry)),
  });
  if (response === null) return;
  if (!response.ok) return keep(refused(entry, await problem(response)));
  const visit = (await response.json().catch(() => null)) as Visit | null;
  if (visit) await keep(accepted(entry, visit.version));
}

/** The person keeps the own words: they are sent again, now knowing what was there. */
export function keepMine(entry: Entry, key: string): Entry {
  const { theirs, problem: _, ...rest } = entry;
  return theirs ? { ...rest, base: theirs.version, key } : entry;
}

/**
 * Runs `work` one at a time. Asked for while it runs, it runs once more afterwards: what was written meanwhile it may not
 * have seen.
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async () => {
    try {
      while (again) {
        again = false;
        await work();
      }
    } finally {
      running = null;
    }
  };
  return () => {
    again = true;
    running ??= run();
    return running;
  };
}

// Whether what is kept is still what was sent: whoever changes it makes a draft of it, and handing it in anew gives it a new key.
const untouched = (now: Entry, sent: Entry) => now.state === "ready" && now.key === sent.key;

const arrived =
  (id: string): Step =>
  (now) =>
    now && { ...now, shots: now.shots.map((each) => (each.id === id ? { ...each, sent: true } : each)) };

// What was changed since is based on what the service now has: the person's own words are nobody else's newer ones.
const accepted =
  (sent: Entry, version: number): Step =>
  (now) =>
    now && (untouched(now, sent) ? undefined : { ...now, base: version });

function refused(sent: Entry, why: Problem): Step {
  // Newer, or past the point where anything may be handed in: what is there is told with either.
  const told = why.status === 412 || why.status === 409;
  const theirs = told ? (why.more.current as Visit | undefined) : undefined;
  if (why.passing || why.status === 401) return (now) => now;
  return (now) => (now && untouched(now, sent) ? { ...now, theirs, problem: theirs ? undefined : why.message } : now);
}

async function problem(response: Response): Promise<Problem> {
  return problemOf(response, await response.json().catch(() => null));
}

function bodyOf({ form }: Entry) {
  const { latitude, longitude, consent, visitedAt, ...rest } = form;
  const located = consent && latitude !== null && longitude !== null;
  return { ...rest, visited_at: visitedAt, consent: located, ...(located && { latitude, longitude }) };
}
