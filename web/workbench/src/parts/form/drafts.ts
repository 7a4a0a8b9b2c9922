// Texts that are kept in this browser until they are saved. Each belongs to the authorisation in which it was written,
// which is one person's: nobody else is shown it, and nobody else's leaving takes it away.

const start = "xuncha:draft:";

/** The name under which a draft is kept. */
export function draftKey(grant: string, name: string): string {
  return `${start}${grant}:${name}`;
}

/** Forgets the drafts of a person who leaves: the next one may sit down here. Those of others stay. */
export function forgetDrafts(grants: readonly string[]): void {
  const own = grants.map((grant) => draftKey(grant, ""));
  for (const key of Object.keys(localStorage)) {
    if (own.some((mine) => key.startsWith(mine))) localStorage.removeItem(key);
  }
}
