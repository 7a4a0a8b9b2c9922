import { useSyncExternalStore } from "react";

// Numbers beside entries of the navigation, by the screen's path. A screen's room sets its own.
let badges: Readonly<Record<string, number>> = {};
const listeners = new Set<() => void>();

/** Shows a number beside an entry of the navigation; 0 shows none. */
export function setBadge(path: string, count: number): void {
  if (badges[path] === count) return;
  badges = { ...badges, [path]: count };
  for (const listener of listeners) listener();
}

/** The numbers beside the entries. */
export function useBadges(): Readonly<Record<string, number>> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => badges,
  );
}
