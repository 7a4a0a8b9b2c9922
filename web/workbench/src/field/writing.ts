// What a person does to what is kept of a visit. Each is a change of what the entry is at that moment, never a whole entry as
// it was when something slow began: a position takes seconds to come, and so does making a picture smaller.

import { useRef, useState } from "react";
import type { Entry, Form, Shot, Step } from "./store";

/** One thing that a person does. What changes nothing gives back the same entry. */
export type Writing = (was: Entry) => Entry;

const draft = (entry: Entry): Entry => ({ ...entry, state: "draft", problem: undefined });

/** Some fields have another value; the first one written says when the visit was. */
export function edited(part: Partial<Form>, at: string): Writing {
  return (was) => draft({ ...was, form: { ...was.form, visitedAt: was.form.visitedAt || at, ...part } });
}

/** The position has come, which matters only while it may be recorded and nothing has been handed in. */
export function located(latitude: number, longitude: number): Writing {
  return (was) =>
    was.state === "draft" && was.form.consent ? { ...was, form: { ...was.form, latitude, longitude } } : was;
}

/** These pictures are added, as far as there is room. */
export function photographed(shots: readonly Shot[], room: (entry: Entry) => number): Writing {
  return (was) => {
    const fitting = shots.slice(0, Math.max(0, room(was)));
    return fitting.length > 0 ? draft({ ...was, shots: [...was.shots, ...fitting] }) : was;
  };
}

/** A picture that has not reached the service is taken away. */
export function without(id: string): Writing {
  return (was) => draft({ ...was, shots: was.shots.filter((shot) => shot.id !== id || shot.sent) });
}

/** It is finished, and waits to be sent under this name; who corrected nothing was there now at the latest. */
export function completed(key: string, at: string): Writing {
  return (was) => {
    const form = { ...was.form, visitedAt: was.form.visitedAt || at };
    return { ...was, form, state: "ready", key, problem: undefined };
  };
}

/**
 * One visit's entry as its form shows it. `change` shows what was done at once and keeps it; it tells whether that worked.
 * What could not be kept is tried again with what is done next.
 */
export function useWriting(
  kept: Entry | undefined,
  begun: () => Entry,
  write: (of: Entry, step: Step) => Promise<void>,
): { entry: Entry; change: (writing: Writing) => Promise<boolean> } {
  const [entry, setEntry] = useState(() => kept ?? begun());
  const unkept = useRef<readonly Writing[]>([]);
  const change = async (writing: Writing) => {
    setEntry(writing);
    const all = [...unkept.current, writing];
    unkept.current = [];
    try {
      await write(entry, (now) => {
        const from = now ?? begun();
        const next = all.reduce((was, each) => each(was), from);
        return next === from ? now : next;
      });
      return true;
    } catch {
      unkept.current = [...all, ...unkept.current];
      return false;
    }
  };
  return { entry, change };
}
