// The session ended while somebody worked. The page stays as it is; a dialog asks to sign on again in another window,
// and the requests that were refused wait for it (UX 6.2, 5).

import { useSyncExternalStore } from "react";

let waiting: ((signedOn: boolean) => void)[] = [];
const listeners = new Set<() => void>();

/** Waits until the person has signed on again (true) or decided not to (false). */
export function signOnAgain(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    tell();
  });
}

/** Ends the wait of every refused request. */
export function settleSignOn(signedOn: boolean): void {
  const settled = waiting;
  waiting = [];
  for (const resolve of settled) resolve(signedOn);
  tell();
}

/** Whether requests wait for the person to sign on again. */
export function useSessionExpired(): boolean {
  return useSyncExternalStore(listen, () => waiting.length > 0);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
