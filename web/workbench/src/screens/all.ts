import type { Role } from "@/app/session";
import { mayOpen, type NavGroup, navGroups, type Part, type Screen } from "./registry";

/** All screens of all rooms. */
export const screens: readonly Screen[] = Object.values(
  import.meta.glob<{ screens: readonly Screen[] }>("./*/screens.ts", { eager: true }),
).flatMap((room) => room.screens);

/** What stands in the navigation: one screen, or several of one family. */
export interface Entry {
  label: string;
  screens: readonly [Screen, ...Screen[]];
}

/**
 * The navigation of a role in an office that has these parts: groups in their order, entries in theirs, nothing that
 * cannot be opened.
 */
export function navigation(
  role: Role,
  parts: Readonly<Partial<Record<Part, boolean>>> = {},
  from = screens,
): { group: NavGroup; entries: Entry[] }[] {
  const has = ({ nav }: Screen) => nav?.part === undefined || parts[nav.part] === true;
  return navGroups
    .map((group) => {
      const entries: Entry[] = [];
      for (const screen of opened(role, from).filter((each) => each.nav?.group === group && has(each))) {
        const family = screen.nav?.family;
        const at = entries.findIndex((entry) => family !== undefined && entry.screens[0].nav?.family === family);
        const before = entries[at];
        if (before) entries[at] = { label: family as string, screens: [...before.screens, screen] };
        else entries.push({ label: screen.nav?.label ?? screen.title, screens: [screen] });
      }
      return { group, entries };
    })
    .filter(({ entries }) => entries.length > 0);
}

/** The screens that stand beside one, itself among them; none for one that stands alone. */
export function familyOf(screen: Screen | undefined, role: Role, from = screens): readonly Screen[] {
  const family = screen?.nav?.family;
  if (family === undefined) return [];
  const all = opened(role, from).filter(({ nav }) => nav?.family === family);
  return all.length > 1 ? all : [];
}

function opened(role: Role, from: readonly Screen[]): Screen[] {
  return from
    .filter((screen) => screen.nav && mayOpen(screen, role))
    .sort((a, b) => (a.nav?.order ?? 0) - (b.nav?.order ?? 0));
}

/** The address of the screen that opens an object of a task; undefined when no room has one. */
export function taskAddress(office: string, kind: string, id: string): string | undefined {
  const screen = screens.find((each) => each.opens === kind);
  return screen && `/w/${office}/${screen.path.replace("$id", id)}`;
}
