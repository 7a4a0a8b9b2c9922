import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { type MutableRefObject, type ReactNode, useEffect, useRef, useState } from "react";
import { type Autosave, useAutosave, useLeaveGuard, useSession } from "@/parts";
import { type Draft, type Item, type Place, textQuery } from "./data";

/** What a form stands on: the version it was read with, and whether it holds something unsaved. */
export interface Ground {
  version: MutableRefObject<number>;
  dirty: MutableRefObject<boolean>;
  /** Changes when somebody else's version was taken over: the form begins anew. */
  generation: number;
}

/** Follows a version. Others' changes are taken over while nothing unsaved is on screen; else the next save tells. */
export function useGround(version: number): Ground {
  const stands = useRef(version);
  const dirty = useRef(false);
  const [generation, setGeneration] = useState(0);
  useEffect(() => {
    if (version === stands.current || dirty.current) return;
    stands.current = version;
    setGeneration((n) => n + 1);
  }, [version]);
  return { version: stands, dirty, generation };
}

/** A form that saves itself: only what changed since it was last saved, also when the step is left. */
export function useTextForm<T extends object>(
  first: T,
  ground: Ground,
  send: (change: Partial<T>, version: number) => Promise<{ version: number }>,
  on: boolean,
): { form: T; change: (what: Partial<T>) => void; autosave: Autosave } {
  const [form, setForm] = useState(first);
  const saved = useRef(first);
  const autosave = useAutosave(
    form,
    async (value) => {
      const keys = (Object.keys(value) as (keyof T)[]).filter((key) => value[key] !== saved.current[key]);
      if (keys.length > 0) {
        const change = Object.fromEntries(keys.map((key) => [key, value[key]])) as Partial<T>;
        ground.version.current = (await send(change, ground.version.current)).version;
      }
      saved.current = value;
      ground.dirty.current = false;
    },
    { on },
  );
  const { saveNow } = autosave;
  useEffect(() => () => void saveNow(), [saveNow]);
  const failed = autosave.state === "failed";
  useLeaveGuard(failed, failed || autosave.state === "changed");
  return {
    form,
    autosave,
    change: (what) => {
      ground.dirty.current = true;
      setForm((now) => ({ ...now, ...what }));
    },
  };
}

/** Shows a saved item at once and reads anew what follows from it: counts, what is open, personal data, the digest. */
export function itemSaved(queries: QueryClient, place: Place, id: string, saved: Item): void {
  const { queryKey } = textQuery(place, id);
  queries.setQueryData(
    queryKey,
    (draft: Draft | undefined) =>
      draft && { ...draft, items: draft.items.map((item) => (item.finding === saved.finding ? saved : item)) },
  );
  void queries.invalidateQueries({ queryKey });
}

/** The place and the cache, for saving items. */
export function useSaved(id: string): (saved: Item) => void {
  const queries = useQueryClient();
  const { office, below } = useSession();
  return (saved) => itemSaved(queries, { office, below }, id, saved);
}

/** A labelled field for text, with what is wrong with it below. */
export function TextField({
  id,
  label,
  value,
  limit,
  draft,
  pointer,
  disabled,
  lines = 1,
  onChange,
}: {
  id: string;
  label: string;
  value: string;
  /** Of the public page, in characters; more can be typed on the way. */
  limit?: number;
  draft: Draft;
  pointer: string;
  disabled: boolean;
  lines?: number;
  onChange: (value: string) => void;
}): ReactNode {
  const wrong = draft.problems.filter((problem) => problem.pointer === pointer);
  const found = draft.hits.filter((hit) => hit.pointer === pointer && !hit.kept);
  const length = Array.from(value).length;
  return (
    <label htmlFor={id} className="x-text-field">
      <span className="x-text-field-label">
        {label}
        {limit !== undefined && (
          <span className={length > limit ? "x-standing-danger x-number" : "x-hint x-number"}>
            {length}/{limit}
          </span>
        )}
      </span>
      <Input.TextArea
        id={id}
        autoSize={{ minRows: lines, maxRows: 14 }}
        value={value}
        disabled={disabled}
        status={wrong.length > 0 || found.length > 0 ? "warning" : undefined}
        aria-describedby={wrong.length + found.length > 0 ? `${id}-wrong` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {wrong.length + found.length > 0 && (
        <span id={`${id}-wrong`} className="x-standing-warning">
          {wrong.map((problem) => problem.message).join("")}
          {found.length > 0 &&
            `含有${[...new Set(found.map((hit) => hit.name))].join("、")}，请在“个人信息检查”中处理。`}
        </span>
      )}
    </label>
  );
}
