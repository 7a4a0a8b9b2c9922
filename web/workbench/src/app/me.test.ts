// @vitest-environment jsdom

import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";
import { setIdentity } from "@/api/identity";
import { mustWait } from "@/api/relogin";
import { identityFor, type Me, meQuery, samePerson } from "./me";

const office = { slug: "qingyu", name: "青榆县", short: "县委巡察办", level: "county", phone: "" };

function told(name: string, ...grants: string[]) {
  const identities = grants.map((grant) => ({ grant, role: "OFF", office, path: [] }));
  return { name, identities, pending: [], demo: true, now: "2026-11-20T10:00:00+08:00" };
}

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

it("knows a person by the grants, not by the name", () => {
  const me = (name: string, ...grants: string[]) => told(name, ...grants) as unknown as Me;
  expect(samePerson(me("郑一川", "a", "b"), me("郑一川", "b", "c"))).toBe(true);
  expect(samePerson(me("郑一川", "a"), me("郑一川", "z"))).toBe(false);
  expect(samePerson(me("郑一川"), me("尹小雨", "z"))).toBe(false);
});

it("works as whom this window began, whatever another window is", () => {
  const me = told("郑一川", "officer", "leader") as unknown as Me;
  setIdentity("qingyu", "officer");
  // Storage as the other window leaves it: what is kept for the next window is shared, what is this window's is not.
  localStorage.setItem("xuncha:identity:qingyu", "leader");
  expect(identityFor(me, "qingyu")?.grant).toBe("officer");
  setIdentity("qingyu", "officer");
  sessionStorage.clear(); // a new window
  expect(identityFor(me, "qingyu")?.grant).toBe("leader");
});

it("keeps a page its first person's when somebody else is signed on", async () => {
  const answers = [told("郑一川", "a"), told("尹小雨", "z"), told("郑一川", "a", "b")];
  vi.stubGlobal("fetch", async () => Response.json(answers.shift()));
  const queries = new QueryClient();
  const ask = () => queries.fetchQuery({ ...meQuery, staleTime: 0 });
  await ask();
  expect(mustWait()).toBe(false);
  await expect(ask()).rejects.toMatchObject({ status: 401 });
  expect(queries.getQueryData(meQuery.queryKey)).toMatchObject({ name: "郑一川" });
  expect(mustWait()).toBe(true);
  expect((await ask()).identities).toHaveLength(2);
});
