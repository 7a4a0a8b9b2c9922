// What the field page keeps in the browser: whose page an office's is, the visits last fetched there, and what was written on
// site and has not reached the service. The last is the person's in that office, whatever the grant, and nobody else's: it is
// neither shown to others nor sent for them. It is removed when it has reached the service, when the person signs out, and
// when somebody says so.

import type { components } from "@/api/schema";

export type Visit = components["schemas"]["ChecksVisit"];
export type Verdict = Exclude<Visit["verdict"], "">;

/** Whose page an office's is, and how far the service's clock is from the phone's. */
export interface Owner {
  office: string;
  /** The person in that office. */
  member: string;
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
  /** Who wrote it: the person in that office, and the name. */
  member: string;
  writer: string;
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
    const request = indexedDB.open(name, 2);
    request.onupgradeneeded = () => {
      const database = request.result;
      for (const old of [...database.objectStoreNames]) database.deleteObjectStore(old);
      database.createObjectStore("owners", { keyPath: "office" });
      database.createObjectStore("visits");
      database.createObjectStore("entries", { keyPath: ["member", "visit"] });
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

/** Whose page an office's is. */
export function readOwner(office: string): Promise<Owner | undefined> {
  return run<Owner>(["owners"], "readonly", (transaction) => transaction.objectStore("owners").get(office));
}

/** Keeps whose page an office's is. The visits that another person fetched there go. */
export async function keepOwner(owner: Owner): Promise<void> {
  await run(["owners", "visits"], "readwrite", (transaction) => {
    const owners = transaction.objectStore("owners");
    const before: IDBRequest<Owner | undefined> = owners.get(owner.office);
    before.onsuccess = () => {
      if (before.result?.member !== owner.member) transaction.objectStore("visits").delete(owner.office);
      owners.put(owner);
    };
    return undefined;
  });
}

/** The visits last fetched in an office. */
export async function readVisits(office: string): Promise<Visit[]> {
  return (
    (await run<Visit[]>(["visits"], "readonly", (transaction) => transaction.objectStore("visits").get(office))) ?? []
  );
}

/** Keeps these visits and no others. */
export async function keepVisits(office: string, visits: readonly Visit[]): Promise<void> {
  await run(["visits"], "readwrite", (transaction) => transaction.objectStore("visits").put(visits, office));
}

/** What anybody wrote and has not reached the service. */
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
export async function changeEntry(member: string, visit: string, step: Step): Promise<void> {
  await run(["entries"], "readwrite", (transaction) => {
    const store = transaction.objectStore("entries");
    const kept: IDBRequest<Entry | undefined> = store.get([member, visit]);
    kept.onsuccess = () => {
      const next = step(kept.result);
      if (next === kept.result) return;
      if (next) store.put(next);
      else store.delete([member, visit]);
    };
    return undefined;
  });
}

/** Removes all that is kept of a person who leaves. What others wrote waits for them. */
export async function clearField(members: readonly string[]): Promise<void> {
  await run(["owners", "visits", "entries"], "readwrite", (transaction) => {
    const [owners, visits, entries] = ["owners", "visits", "entries"].map((each) => transaction.objectStore(each));
    if (!owners || !visits || !entries) return undefined;
    for (const store of [owners, entries]) {
      const all: IDBRequest<(Owner | Entry)[]> = store.getAll();
      all.onsuccess = () => {
        for (const each of all.result.filter(({ member }) => members.includes(member))) {
          if ("visit" in each) entries.delete([each.member, each.visit]);
          else {
            owners.delete(each.office);
            visits.delete(each.office);
          }
        }
      };
    }
    return undefined;
  });
}

/** How many visits of a person wait to be sent, in all offices. */
export async function unsent(members: readonly string[]): Promise<number> {
  return (await readEntries()).filter(({ member }) => members.includes(member)).length;
}
