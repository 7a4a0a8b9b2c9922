// How the person wants the workbench to look and listen: theme, type size, single-letter keys, folded navigation.

import { useSyncExternalStore } from "react";
import { applyLook, type Look } from "@/design/theme";
import { setSingleKeys } from "@/parts/keys";

/** What a person can choose for themselves. */
export interface Preferences extends Look {
  singleKeys: boolean;
  navFolded: boolean;
}

const kept = "xuncha:look";
const otherwise: Preferences = { theme: "light", size: "standard", singleKeys: true, navFolded: false };
const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

let preferences: Preferences = read();
const listeners = new Set<() => void>();
systemDark.addEventListener("change", apply);

function read(): Preferences {
  try {
    return { ...otherwise, ...JSON.parse(localStorage.getItem(kept) ?? "{}") };
  } catch {
    return otherwise;
  }
}

function apply(): void {
  preferences = { ...preferences };
  applyLook(preferences, systemDark.matches);
  setSingleKeys(preferences.singleKeys);
  for (const listener of listeners) listener();
}

/** Applies what was kept; called once before the first paint. */
export function startLook(): void {
  apply();
}

/** Changes a preference and keeps it in this browser. */
export function prefer(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change };
  localStorage.setItem(kept, JSON.stringify(preferences));
  apply();
}

/** The preferences, with what the system says of darkness and motion. */
export function usePreferences(): Preferences & { systemDark: boolean; calm: boolean } {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preferences,
  );
  return { ...now, systemDark: systemDark.matches, calm: calm.matches };
}
