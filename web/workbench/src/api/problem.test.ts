import { expect, test } from "vitest";
import { asProblem, problemOf, sentence, wait } from "./problem";

const refused = (headers: Record<string, string>) => ({ status: 429, headers: new Headers(headers) });

test("whoever sends too much reads what the service says, and the page asks again when it may", () => {
  const detail = "操作过于频繁，请稍等片刻再继续，已填写的内容不会丢失。";
  const said = problemOf(refused({ "Retry-After": "7" }), { type: "/problems/too-many-requests", detail });
  expect(said.passing).toBe(true);
  expect(sentence(said)).toBe(detail);
  expect(wait(0, said)).toBe(7000);
});

test("without a word from the service there is a sentence of our own, and each wait is longer", () => {
  const said = problemOf(refused({ "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" }), null);
  expect(sentence(said)).toBe("操作过于频繁，请稍后再试。");
  expect([0, 1, 2].map((failures) => wait(failures, said))).toEqual([1000, 2000, 4000]);
});

test("whoever was saving reads that nothing typed is lost; whoever was reading does not", () => {
  const gone = asProblem(new TypeError("Failed to fetch"));
  expect(sentence(gone)).toBe("网络不通，网络恢复后再试。");
  expect(sentence(gone.kept())).toBe("网络不通，网络恢复后再试。填写的内容仍保留在本页。");
  const refusedToSave = problemOf({ status: 403, headers: new Headers() }, null);
  expect(refusedToSave.kept()).toBe(refusedToSave);
});
