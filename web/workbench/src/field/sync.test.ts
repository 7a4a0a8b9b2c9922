import { expect, test } from "vitest";
import type { Entry, Visit } from "./store";
import { keepMine, type Send, sendEntry } from "./sync";

const entry: Entry = {
  visit: "v",
  office: "q",
  number: "QY-1",
  base: 3,
  form: {
    verdict: "partial",
    seen: "看到了",
    place: "村口",
    visitedAt: "2026-11-20T10:00:00Z",
    content: 3,
    fair: 0,
    discontent: 0,
    consent: false,
    latitude: 30,
    longitude: 104,
  },
  shots: [
    { id: "a", takenAt: "2026-11-20T10:00:00Z", blob: new Blob(["a"]), sent: true },
    { id: "b", takenAt: "2026-11-20T10:01:00Z", blob: new Blob(["b"]), sent: false },
  ],
  state: "ready",
  key: "k",
};

const answers =
  (...told: (Response | null)[]): Send =>
  async (path, init) => {
    asked.push([path, init]);
    const next = told.shift();
    if (!next) throw new TypeError("failed to fetch");
    return next;
  };
let asked: [string, RequestInit][] = [];
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

test("pictures that arrived are not sent again, and coordinates only with consent", async () => {
  asked = [];
  const kept: Entry[] = [];
  const sent = await sendEntry(entry, answers(json({}), json({ version: 4 })), async (now) => void kept.push(now));
  expect(sent.state).toBe("sent");
  expect(asked.map(([path]) => path)).toEqual([
    "/v1/offices/q/visits/v/photos/b?taken_at=2026-11-20T10%3A01%3A00Z",
    "/v1/offices/q/visits/v/report",
  ]);
  expect(kept[0]?.shots.every((shot) => shot.sent)).toBe(true);
  const headers = asked[1]?.[1].headers as Record<string, string>;
  expect([headers["If-Match"], headers["Idempotency-Key"]]).toEqual(['"3"', "k"]);
  expect(JSON.parse(asked[1]?.[1].body as string)).not.toHaveProperty("latitude");
});

test("a lost network keeps everything, and the next try has the same key", async () => {
  asked = [];
  const lost = await sendEntry(entry, answers(json({}), null), async () => {});
  expect(lost.state === "kept" && lost.entry.shots.every((shot) => shot.sent) && lost.entry.key).toBe("k");
});

test("who was faster is shown, and nothing is overwritten until the person chooses", async () => {
  asked = [];
  const theirs = { version: 5, seen: "先到的记录" } as Visit;
  const refused = await sendEntry(entry, answers(json({}), json({ current: theirs }, 412)), async () => {});
  if (refused.state !== "kept") throw new Error("it overwrote");
  expect([refused.entry.theirs?.seen, refused.entry.form.seen, refused.entry.base]).toEqual([
    "先到的记录",
    "看到了",
    3,
  ]);
  const mine = keepMine(refused.entry, "k2");
  expect([mine.base, mine.key, mine.theirs]).toEqual([5, "k2", undefined]);
});
