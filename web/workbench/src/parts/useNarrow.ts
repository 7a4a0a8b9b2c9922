import { useSyncExternalStore } from "react";

const phone = "(max-width: 767px)";

function listen(changed: () => void): () => void {
  const media = window.matchMedia(phone);
  media.addEventListener("change", changed);
  return () => media.removeEventListener("change", changed);
}

/** True on a phone's width, where tables become cards. */
export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => window.matchMedia(phone).matches);
}
