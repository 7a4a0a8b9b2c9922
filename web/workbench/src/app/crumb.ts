import { useEffect, useSyncExternalStore } from "react";

let object = "";
const listeners = new Set<() => void>();

function set(next: string): void {
  object = next;
  for (const listener of listeners) listener();
}

/** Names the object a page is about, for the last step of the breadcrumb. */
export function useCrumb(name: string | undefined): void {
  useEffect(() => {
    set(name ?? "");
    return () => set("");
  }, [name]);
}

/** The object of the page that is shown. */
export function useShownCrumb(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => object,
  );
}
