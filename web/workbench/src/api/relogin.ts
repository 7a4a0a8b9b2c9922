// A request was refused because the session ended while somebody worked, or because what it does asks for a second proof
// of who is there. The page stays as it is; a dialog asks to do so in another window, and the refused requests wait for
// it (UX 6.2, 5).

import { useSyncExternalStore } from "react";

/** What is asked of the person: to sign on again, or to prove once more who they are. */
export type SignOnNeed = "expired" | "step-up";

let waiting: ((done: boolean) => void)[] = [];
let need: SignOnNeed | null = null;
const listeners = new Set<() => void>();

/** Waits until the person has done what is needed (true) or decided not to (false). */
export function signOnAgain(what: SignOnNeed): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (need !== "expired") need = what;
    tell();
  });
}

/** Ends the wait of every refused request. */
export function settleSignOn(done: boolean): void {
  const settled = waiting;
  waiting = [];
  need = null;
  for (const resolve of settled) resolve(done);
  tell();
}

/** What requests wait for, if any do. */
export function useSignOnNeed(): SignOnNeed | null {
  return useSyncExternalStore(listen, () => need);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
