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
let shown: Preferences = preferences;
let projecting = false;
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
  shown = projecting ? { ...preferences, theme: "dark", size: "largest" } : { ...preferences };
  applyLook(shown, systemDark.matches);
  document.documentElement.classList.toggle("x-projecting", projecting);
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

/** Dark, with large type and nothing around the page, for a wall that many look at; what the person prefers stays kept. */
export function project(on: boolean): void {
  projecting = on;
  apply();
}

/** The preferences, with what the system says of darkness and motion. */
export function usePreferences(): Preferences & { systemDark: boolean; calm: boolean } {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return { ...now, systemDark: systemDark.matches, calm: calm.matches };
}
