// Cells of the ledger that a unit fills in: what is saved as the problem's, and what as a measure's.

import { useMemo } from "react";
import { answer, api, type CellEdit, ifMatch, optionsOf, rectificationKinds, useRole, useSession } from "@/parts";
import type { Item, Measure, Task } from "./data";

/** Saves what a unit writes into cells. It remembers the versions that its own saves made, for the next cell of the row. */
export interface Saves {
  item: (item: Pick<Item, "id" | "version">, body: object, version?: number) => Promise<unknown>;
  measure: (item: string, measure: Pick<Measure, "id" | "version">, body: object, version?: number) => Promise<unknown>;
}

/** Versions that came about by nothing but saves made here: a cell that was begun before them may follow them. */
export class OwnSaves {
  private readonly made = new Map<string, { from: number; to: number }>();

  /** Saves on top of `version`, or of what own saves made of the row since it was read, never of what others did. */
  async save(
    row: { id: string; version: number },
    version: number | undefined,
    send: (on: number) => Promise<{ version: number }>,
  ): Promise<void> {
    const before = this.made.get(row.id);
    const follows = before !== undefined && row.version >= before.from && row.version < before.to;
    const on = version ?? (follows ? before.to : row.version);
    const { version: to } = await send(on);
    this.made.set(row.id, { from: before?.to === on ? before.from : on, to });
  }
}

/** How cells are saved; nothing for who does not fill in. */
export function useSaves(): Saves | undefined {
  const { office, below } = useSession();
  const writes = useRole("UNIT", "HEAD") && below === undefined;
  return useMemo(() => {
    if (!writes) return undefined;
    const own = new OwnSaves();
    return {
      item: (item, body, version) =>
        own.save(item, version, (on) =>
          answer(
            api.PATCH("/v1/offices/{office}/items/{id}", {
              params: { path: { office, id: item.id } },
              headers: ifMatch(on),
              body,
            }),
          ),
        ),
      measure: (item, measure, body, version) =>
        own.save(measure, version, (on) =>
          answer(
            api.PATCH("/v1/offices/{office}/items/{id}/measures/{measure}", {
              params: { path: { office, id: item, measure: measure.id } },
              headers: ifMatch(on),
              body,
            }),
          ),
        ),
    };
  }, [office, writes]);
}

/** The fields of a measure as they are typed in cells. */
export type MeasureField =
  | "text"
  | "leader"
  | "department"
  | "person"
  | "helpers"
  | "due_on"
  | "progress"
  | "rules"
  | "remark"
  | "done"
  | "kind";

const shapes: Readonly<Record<MeasureField, Omit<CellEdit<never>, "can" | "text">>> = {
  text: { kind: "lines", limit: 5000, required: true },
  leader: { limit: 100 },
  department: { limit: 200 },
  person: { limit: 100 },
  helpers: { limit: 500 },
  due_on: { kind: "day" },
  progress: { kind: "lines", limit: 2000 },
  rules: { kind: "lines", limit: 1000 },
  remark: { kind: "lines", limit: 1000 },
  done: {
    kind: "choice",
    options: [
      { value: "true", label: "已完成" },
      { value: "false", label: "未完成" },
    ],
  },
  kind: { kind: "choice", options: optionsOf(rectificationKinds) },
};

/** How a measure's field is edited in a cell. */
export function measureEdit<T>(
  field: MeasureField,
  of: (row: T) => Pick<Task, MeasureField> | undefined,
  can: (row: T) => boolean,
): CellEdit<T> {
  return {
    ...shapes[field],
    can: (row) => of(row) !== undefined && can(row),
    clearable: field === "due_on" ? (row) => of(row)?.kind === "long" : undefined,
    text: (row) => `${of(row)?.[field] ?? ""}`,
  };
}

/** A measure's fields as the service takes them. */
export function measureBody(values: Readonly<Partial<Record<MeasureField, string>>>): object {
  const { done, due_on, ...rest } = values;
  return {
    ...rest,
    ...(done !== undefined && { done: done === "true" }),
    ...(due_on !== undefined && (due_on === "" ? { no_due: true } : { due_on })),
  };
}
