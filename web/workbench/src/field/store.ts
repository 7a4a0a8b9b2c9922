// What the field page keeps in the browser: whose it is, the visits last fetched, and what was written on site and has not
// reached the service. It is removed when it has, when the person signs out, and when somebody else signs on.

import type { components } from "@/api/schema";

export type Visit = components["schemas"]["ChecksVisit"];
export type Verdict = Exclude<Visit["verdict"], "">;

/** Whose page this is, and how far the service's clock is from the phone's. */
export interface Owner {
  office: string;
  name: string;
  grant: string;
  offset: number;
}

/** A picture that has not reached the service. */
export interface Shot {
  id: string;
  takenAt: string;
  blob: Blob;
  sent: boolean;
}

/** What one visit's inspector wrote. */
export interface Form {
  verdict: Verdict | "";
  seen: string;
  place: string;
  visitedAt: string;
  content: number;
  fair: number;
  discontent: number;
  consent: boolean;
  latitude: number | null;
  longitude: number | null;
}

/** One visit's words and pictures, and the version they were based on. */
export interface Entry {
  visit: string;
  office: string;
  number: string;
  base: number;
  form: Form;
  shots: readonly Shot[];
  /** draft is still being written; ready waits to be sent. */
  state: "draft" | "ready";
  /** The name under which it is sent, the same however often. */
  key: string;
  /** What the service had instead, when somebody was faster: the person chooses. */
  theirs?: Visit;
  /** Why the service refused it, when it did. */
  problem?: string;
}

const name = "xuncha-field";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("meta");
      request.result.createObjectStore("visits", { keyPath: "id" });
      request.result.createObjectStore("entries", { keyPath: "visit" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run<T>(
  stores: string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => IDBRequest<T> | undefined,
): Promise<T | undefined> {
  const database = await open();
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      const transaction = database.transaction(stores, mode);
      const request = work(transaction);
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Whose data is kept here. */
export function readOwner(): Promise<Owner | undefined> {
  return run<Owner>(["meta"], "readonly", (transaction) => transaction.objectStore("meta").get("owner"));
}

/** Keeps whose data this is. */
export async function keepOwner(owner: Owner): Promise<void> {
  await run(["meta"], "readwrite", (transaction) => transaction.objectStore("meta").put(owner, "owner"));
}

/** The visits last fetched. */
export async function readVisits(): Promise<Visit[]> {
  return (
    (await run<Visit[]>(["visits"], "readonly", (transaction) => transaction.objectStore("visits").getAll())) ?? []
  );
}

/** Keeps these visits and no others. */
export async function keepVisits(visits: readonly Visit[]): Promise<void> {
  await run(["visits"], "readwrite", (transaction) => {
    const store = transaction.objectStore("visits");
    store.clear();
    for (const visit of visits) store.put(visit);
    return undefined;
  });
}

/** What was written and has not reached the service. */
export async function readEntries(): Promise<Entry[]> {
  return (
    (await run<Entry[]>(["entries"], "readonly", (transaction) => transaction.objectStore("entries").getAll())) ?? []
  );
}

/** What becomes of what is kept of one visit: given what is kept now, it tells what to keep instead, or nothing. */
export type Step = (now: Entry | undefined) => Entry | undefined;

/**
 * Changes what is kept of one visit. Reading and writing are one transaction, so that a person who types, a picture that is
 * ready late and an answer of the service never put back what another of them has changed meanwhile.
 */
export async function changeEntry(visit: string, step: Step): Promise<void> {
  await run(["entries"], "readwrite", (transaction) => {
    const store = transaction.objectStore("entries");
    const kept: IDBRequest<Entry | undefined> = store.get(visit);
    kept.onsuccess = () => {
      const next = step(kept.result);
      if (next === kept.result) return;
      if (next) store.put(next);
      else store.delete(visit);
    };
    return undefined;
  });
}

/** Removes everything: the person signs out, or somebody else signed on. */
export function clearField(): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

/** Whether the store is one of these authorisations', without making one where there is none. */
export async function fieldOf(grants: readonly string[]): Promise<boolean> {
  const known = (await indexedDB.databases?.()) ?? [];
  if (!known.some((each) => each.name === name)) return false;
  const owner = await readOwner();
  return owner !== undefined && grants.includes(owner.grant);
}

/** How many visits wait to be sent. */
export async function unsent(): Promise<number> {
  return (await readEntries()).length;
}
