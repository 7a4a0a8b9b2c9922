// What a form holds while somebody works on it: the text on screen, and what that text stands on. They go together, on
// screen and in the browser's copy, because a save says on which version it was written: a text that was begun before a
// colleague saved must not go over theirs under the newer version that this page has read meanwhile.

/** What a form shows of a row, and the row's version. */
export interface Read<T> {
  content: T;
  version: number;
}

/** A form at work. */
export interface Work<T> {
  form: T;
  base: Read<T>;
}

/** Begins with what was read, or goes on with what this browser kept. */
export function begun<T extends object>(read: Read<T>, kept: Work<T> | null): Work<T> {
  return kept?.base ? followed(kept, read) : { form: read.content, base: read };
}

/** What the person has changed: nothing else is sent. */
export function changedIn<T extends object>({ form, base }: Work<T>): Partial<T> {
  return pick(form, (key) => !same(form[key], base.content[key]));
}

/** Whether nothing is changed. */
export function untouched<T extends object>(work: Work<T>): boolean {
  return Object.keys(changedIn(work)).length === 0;
}

/**
 * A newer version was read. What the person did not touch follows it; where others changed the very thing that the
 * person is changing, the form goes on standing on the older version, and the next save is told of it.
 */
export function followed<T extends object>(work: Work<T>, read: Read<T>): Work<T> {
  if (read.version <= work.base.version) return work;
  const mine = changedIn(work);
  const both = pick(mine as T, (key) => {
    const theirs = read.content[key];
    return !same(theirs, work.base.content[key]) && !same(theirs, mine[key]);
  });
  return Object.keys(both).length > 0 ? work : { form: { ...read.content, ...mine }, base: read };
}

/** `sent` was saved and the row is now as `read`. What was typed since stays, to be saved next. */
export function answered<T extends object>(work: Work<T>, sent: T, read: Read<T>): Work<T> {
  if (read.version < work.base.version) return work;
  const since = pick(work.form, (key) => !same(work.form[key], sent[key]));
  return { form: { ...read.content, ...since }, base: read };
}

function pick<T extends object>(from: T, which: (key: keyof T) => boolean): Partial<T> {
  const keys = (Object.keys(from) as (keyof T)[]).filter(which);
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Partial<T>;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
