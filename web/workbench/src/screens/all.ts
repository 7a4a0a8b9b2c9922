import type { Role } from "@/app/session";
import { mayOpen, type NavGroup, navGroups, type Screen } from "./registry";

/** All screens of all rooms. */
export const screens: readonly Screen[] = Object.values(
  import.meta.glob<{ screens: readonly Screen[] }>("./*/screens.ts", { eager: true }),
).flatMap((room) => room.screens);

/** The navigation of a role: groups in their order, entries in theirs, nothing that cannot be opened. */
export function navigation(role: Role, from = screens): { group: NavGroup; entries: Screen[] }[] {
  return navGroups
    .map((group) => ({
      group,
      entries: from
        .filter((screen) => screen.nav?.group === group && mayOpen(screen, role))
        .sort((a, b) => (a.nav?.order ?? 0) - (b.nav?.order ?? 0)),
    }))
    .filter(({ entries }) => entries.length > 0);
}

/** The address of the screen that opens an object of a task; undefined when no room has one. */
export function taskAddress(office: string, kind: string, id: string): string | undefined {
  const screen = screens.find((each) => each.opens === kind);
  return screen && `/w/${office}/${screen.path.replace("$id", id)}`;
}
