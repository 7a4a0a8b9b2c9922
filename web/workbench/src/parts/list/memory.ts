// What a list remembers of a person: the last filters, columns and page size, the density, and the cursors that lead
// back through the pages. Kept in this browser, per person, office, office below that is looked at, and screen.

import type { ListSearch } from "./state";

/** Whose memory this is. */
export interface Owner {
  person: string;
  office: string;
  /** The office below that is looked at: its list is another one. */
  below: string | undefined;
  screen: string;
}

function nameOf(owner: Owner, what: string): string {
  const place = owner.below === undefined ? owner.office : `${owner.office}>${owner.below}`;
  return `xuncha:list:${owner.person}:${place}:${owner.screen}:${what}`;
}

// How close rows stand is a matter of eyes, not of whose list it is.
function densityName(owner: Owner): string {
  return nameOf({ ...owner, below: undefined }, "density");
}

function read<T>(store: Storage, name: string, otherwise: T): T {
  try {
    const kept = store.getItem(name);
    return kept === null ? otherwise : (JSON.parse(kept) as T);
  } catch {
    return otherwise; // a private window without storage, or a value another release wrote
  }
}

function write(store: Storage, name: string, value: unknown): void {
  try {
    store.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the list works, it only forgets.
  }
}

/** The list as last used, as an address. */
export function lastUsed(owner: Owner): ListSearch {
  return read<ListSearch>(localStorage, nameOf(owner, "last"), {});
}

/** Keeps the list as it is now. */
export function rememberUse(owner: Owner, search: ListSearch): void {
  write(localStorage, nameOf(owner, "last"), search);
}

/** The density chosen for this screen, if any. */
export function chosenDensity(owner: Owner): string {
  return read(localStorage, densityName(owner), "");
}

/** Keeps the density. */
export function rememberDensity(owner: Owner, density: string): void {
  write(localStorage, densityName(owner), density);
}

/** The cursors of the pages seen in this tab for one question, the first page's empty one included. */
export function trailOf(owner: Owner, question: string): readonly string[] {
  const kept = read(sessionStorage, nameOf(owner, "trail"), { question: "", cursors: [""] });
  return kept.question === question ? kept.cursors : [""];
}

/** Keeps the cursor of a page. */
export function rememberPage(owner: Owner, question: string, page: number, cursor: string): void {
  const cursors = [...trailOf(owner, question)];
  if (cursors[page - 1] === cursor) return;
  cursors[page - 1] = cursor;
  write(sessionStorage, nameOf(owner, "trail"), { question, cursors });
}
