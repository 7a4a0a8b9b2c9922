import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import { changeEntry, type Entry, readEntries, type Visit } from "./store";
import { keepMine, oneAtATime, type Send, sendEntry } from "./sync";

const entry: Entry = {
  visit: "v",
  office: "q",
  member: "m",
  writer: "何静",
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

/** Answers in turn; null is a lost network. `during` happens before an answer comes. */
const answers =
  (told: (Response | null)[], during?: (path: string) => Promise<void>): Send =>
  async (path, init) => {
    asked.push([path, init]);
    await during?.(path);
    const next = told.shift();
    if (!next) throw new TypeError("failed to fetch");
    return next;
  };
let asked: [string, RequestInit][] = [];
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const keep = (step: Parameters<typeof changeEntry>[2]) => changeEntry("m", "v", step);
const kept = async () => (await readEntries())[0];
const retyped = (seen: string) =>
  changeEntry("m", "v", (now) => now && { ...now, state: "draft", form: { ...now.form, seen } });

beforeEach(async () => {
  asked = [];
  await changeEntry("m", "v", () => entry);
});

test("pictures that arrived are not sent again, and coordinates only with consent", async () => {
  await sendEntry(entry, answers([json({}), json({ version: 4 })]), keep);
  expect(await kept()).toBeUndefined();
  expect(asked.map(([path]) => path)).toEqual([
    "/v1/offices/q/visits/v/photos/b?taken_at=2026-11-20T10%3A01%3A00Z",
    "/v1/offices/q/visits/v/report",
  ]);
  const headers = asked[1]?.[1].headers as Record<string, string>;
  expect([headers["If-Match"], headers["Idempotency-Key"]]).toEqual(['"3"', "k"]);
  expect(JSON.parse(asked[1]?.[1].body as string)).not.toHaveProperty("latitude");
});

test("a lost network keeps everything, and the next try has the same key", async () => {
  await sendEntry(entry, answers([json({}), null]), keep);
  const now = await kept();
  expect([now?.shots.every((shot) => shot.sent), now?.state, now?.key]).toEqual([true, "ready", "k"]);
});

test("who was faster is shown, and nothing is overwritten until the person chooses", async () => {
  const theirs = { version: 5, seen: "先到的记录" } as Visit;
  await sendEntry(entry, answers([json({}), json({ current: theirs }, 412)]), keep);
  const now = await kept();
  expect([now?.theirs?.seen, now?.form.seen, now?.base]).toEqual(["先到的记录", "看到了", 3]);
  const mine = keepMine(now as Entry, "k2");
  expect([mine.base, mine.key, mine.theirs]).toEqual([5, "k2", undefined]);
});

test("a visit that is past correcting shows what was handed in, too", async () => {
  const theirs = { version: 6, seen: "已核对的记录" } as Visit;
  await sendEntry(entry, answers([json({ current: theirs }, 409)]), keep);
  expect((await kept())?.theirs?.seen).toBe("已核对的记录");
});

test("what is corrected while a picture is under way stays corrected", async () => {
  const correcting = (path: string) => (path.includes("/photos/") ? retyped("更正后的字") : Promise.resolve());
  await sendEntry(entry, answers([json({}), null], correcting), keep);
  const now = await kept();
  expect([now?.form.seen, now?.state, now?.shots[1]?.sent]).toEqual(["更正后的字", "draft", true]);
});

test("what is corrected while the words are under way is kept, and based on what the service has now", async () => {
  const correcting = (path: string) => (path.endsWith("/report") ? retyped("更正后的字") : Promise.resolve());
  await sendEntry(entry, answers([json({}), json({ version: 4 })], correcting), keep);
  const now = await kept();
  expect([now?.form.seen, now?.state, now?.base]).toEqual(["更正后的字", "draft", 4]);
});

test("a refusal is of the words that were sent, not of those that were written since", async () => {
  const correcting = (path: string) => (path.endsWith("/report") ? retyped("更正后的字") : Promise.resolve());
  await sendEntry(entry, answers([json({}), json({ detail: "不行。" }, 422)], correcting), keep);
  expect((await kept())?.problem).toBeUndefined();
});

test("what is asked for while work is under way is done afterwards, once", async () => {
  let running = 0;
  let done = 0;
  let finish = () => {};
  const ask = oneAtATime(async () => {
    expect(++running).toBe(1);
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    running--;
    done++;
  });
  const all = [ask(), ask(), ask()];
  finish();
  await new Promise((resolve) => setTimeout(resolve));
  expect(done).toBe(1);
  finish();
  await Promise.all(all);
  expect(done).toBe(2);
});
