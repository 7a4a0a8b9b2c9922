import { useCallback, useEffect, useMemo, useState } from "react";
import { newKey } from "@/api/client";
import { rememberedIdentity } from "@/api/identity";
import { problemOf } from "@/api/problem";
import type { components } from "@/api/schema";
import { now, setServiceTime } from "@/words/clock";
import {
  changeEntry,
  type Entry,
  keepOwner,
  keepVisits,
  type Owner,
  readEntries,
  readOwner,
  readVisits,
  type Step,
  type Visit,
} from "./store";
import { oneAtATime, sendEntry } from "./sync";

type Me = components["schemas"]["Me"];

/** What the page knows. */
export interface FieldState {
  owner: Owner | null;
  visits: readonly Visit[];
  entries: readonly Entry[];
  /** What other people wrote on this phone and did not send. */
  others: readonly Entry[];
  /** The last request found the service. */
  online: boolean;
  /** Nobody is signed on any more: what was written stays here until somebody is. */
  expired: boolean;
  loaded: boolean;
}

const nothing: FieldState = {
  owner: null,
  visits: [],
  entries: [],
  others: [],
  online: true,
  expired: false,
  loaded: false,
};

/** The office in the address: `/field/{office}`. */
export const office = window.location.pathname.split("/")[2] ?? "";

let owner: Owner | null = null;

async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (owner) headers.set("Xuncha-Identity", owner.grant);
  return fetch(path, { ...init, headers });
}

/** The page's state, and what can be done to it. */
export function useField() {
  const [state, setState] = useState<FieldState>(nothing);
  const change = useCallback((part: Partial<FieldState>) => setState((was) => ({ ...was, ...part })), []);
  const refresh = useMemo(() => oneAtATime(() => look(change)), [change]);

  useEffect(() => {
    void fromHere(change).then(refresh);
    const seen = () => document.visibilityState === "visible" && void refresh();
    const lost = () => change({ online: false });
    const found = () => void refresh();
    window.addEventListener("online", found);
    window.addEventListener("offline", lost);
    document.addEventListener("visibilitychange", seen);
    return () => {
      window.removeEventListener("online", found);
      window.removeEventListener("offline", lost);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [change, refresh]);

  const write = useCallback(
    async ({ member, visit }: Pick<Entry, "member" | "visit">, step: Step) => {
      await changeEntry(member, visit, step);
      change({ entries: await ownEntries() });
    },
    [change],
  );
  const discardOthers = useCallback(
    async (others: readonly Entry[]) => {
      for (const { member, visit } of others) await changeEntry(member, visit, () => undefined);
      change({ others: [] });
    },
    [change],
  );
  return { state, refresh, write, discardOthers };
}

type Change = (part: Partial<FieldState>) => void;

const ownEntries = async () => (await readEntries()).filter(({ member }) => member === owner?.member);

/** What the browser keeps, shown before anything is asked for. */
async function fromHere(change: Change): Promise<void> {
  owner = (await readOwner(office)) ?? null;
  if (owner === null) return;
  setServiceTime(new Date(Date.now() + owner.offset).toISOString());
  change({ owner, visits: await readVisits(office), entries: await ownEntries(), loaded: true });
}

/** Asks who is here, sends what waits, and fetches the visits. */
async function look(change: Change): Promise<void> {
  try {
    const answer = await send("/v1/me");
    if (answer.status === 401) {
      change({ online: true, expired: true, loaded: true });
      return;
    }
    if (!answer.ok) throw problemOf(answer, null);
    const me = (await answer.json()) as Me;
    owner = await owned(me);
    change({ owner, others: await othersThan(me), entries: await ownEntries(), online: true, expired: false });
    if (owner === null) {
      change({ loaded: true, visits: [] });
      return;
    }
    await sendAll(change);
    await fetchVisits(change);
  } catch {
    change({ online: false, loaded: true });
  }
}

/** Whose page this is now. */
async function owned(me: Me): Promise<Owner | null> {
  setServiceTime(me.now);
  const here = me.identities.filter((each) => each.office.slug === office);
  const inspectors = here.filter((each) => ["OFF", "LDR", "VLD", "MEM", "DISC"].includes(each.role));
  const chosen = inspectors.find((each) => each.grant === rememberedIdentity(office)) ?? inspectors[0];
  if (chosen === undefined) return null;
  const { grant, member } = chosen;
  const kept = { office, member, name: me.name, grant, offset: now().getTime() - Date.now() };
  await keepOwner(kept);
  return kept;
}

/** What this phone keeps of other people. In another office the person is still the same one. */
async function othersThan({ identities }: Me): Promise<Entry[]> {
  return (await readEntries()).filter((entry) => !identities.some(({ member }) => member === entry.member));
}

async function sendAll(change: Change): Promise<void> {
  for (const { member, visit } of await ownEntries()) {
    // As it is when its turn comes: the person may be correcting it by then.
    const entry = (await ownEntries()).find((each) => each.visit === visit);
    if (entry?.state !== "ready" || entry.theirs) continue;
    await sendEntry(entry, send, (step) => changeEntry(member, visit, step));
    change({ entries: await ownEntries() });
  }
}

async function fetchVisits(change: Change): Promise<void> {
  const answer = await send(`/v1/offices/${office}/visits?mine=true&state=planned,reported&limit=100`);
  if (!answer.ok) throw problemOf(answer, null);
  const visits = ((await answer.json()) as { items: Visit[] }).items.filter((visit) =>
    visit.allowed.includes("report"),
  );
  await keepVisits(office, visits);
  change({ visits, entries: await ownEntries(), loaded: true });
}

/** A fresh identifier in the form that the service takes. */
export function newPhotoId(): string {
  return newKey().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
