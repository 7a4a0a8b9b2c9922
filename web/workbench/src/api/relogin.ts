// A request was refused because the session ended while somebody worked, or because what it does asks for a second proof
// of who is there. The page stays as it is; a dialog asks to do so in another window, and the refused requests wait for
// it (UX 6.2, 5). What one person wrote is never sent for another: until the page's own person is back, nothing goes out.

import { useSyncExternalStore } from "react";

/** What is asked of the person: to sign on again, or to prove once more who they are. */
export type SignOnNeed = "expired" | "step-up";

/** What the dialog tells. */
interface SignOnState {
  /** What requests wait for; null when none do. */
  need: SignOnNeed | null;
  /** Who signed on in place of the page's person; empty when nobody did. */
  other: string;
}

let waiting: ((done: boolean) => void)[] = [];
let state: SignOnState = { need: null, other: "" };
const listeners = new Set<() => void>();

/** Waits until the person has done what is needed (true) or decided not to (false). */
export function signOnAgain(what: SignOnNeed): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (state.need !== "expired") change({ ...state, need: what });
  });
}

/** Ends the wait of every refused request: the page's person is back, or gave up. */
export function settleSignOn(done: boolean): void {
  const settled = waiting;
  waiting = [];
  change({ need: null, other: done ? "" : state.other });
  for (const resolve of settled) resolve(done);
}

/** Somebody else signed on: what waits goes on waiting, and what follows waits too. */
export function signedOnInstead(other: string): void {
  change({ need: "expired", other });
}

/** True while a request might go out in nobody's session or in somebody else's. */
export function mustWait(): boolean {
  return state.need === "expired" || state.other !== "";
}

/** What requests wait for, and who signed on instead. */
export function useSignOn(): SignOnState {
  return useSyncExternalStore(listen, () => state);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: SignOnState): void {
  state = next;
  for (const listener of listeners) listener();
}
