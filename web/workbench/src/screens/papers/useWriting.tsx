import { type ReactNode, useState } from "react";
import { formatInstant, Notice, say, useKeys, useLeaveGuard, useLocalDraft, useWrite, WriteProblem } from "@/parts";

/** What somebody writes into a paper. */
export interface Writing<T> {
  form: T;
  change: (what: Partial<T>) => void;
  save: () => void;
  dirty: boolean;
  pending: boolean;
  /** What to say above the form: a draft that was found, or what the last attempt ran into. */
  notices: ReactNode;
}

/** A form whose text stays in this browser until it is saved, by its button, Ctrl+S or Ctrl+Enter. */
export function useWriting<T extends object>({
  name,
  saved,
  version,
  fields,
  send,
  refresh,
  done,
}: {
  /** Names the draft: `plan:…` */
  name: string;
  saved: T;
  version: number;
  /** The fields' words, for what somebody else wrote meanwhile. */
  fields: readonly (readonly [string, string])[];
  send: (form: T, version: number) => Promise<unknown>;
  refresh: readonly (readonly string[])[];
  /** 「已保存整改方案」 */
  done: string;
}): Writing<T> {
  const local = useLocalDraft<T>(name);
  const [form, setForm] = useState<T>(() => local.draft?.value ?? saved);
  const [restored, setRestored] = useState(local.draft !== null);
  const dirty = JSON.stringify(form) !== JSON.stringify(saved);
  useLeaveGuard(dirty);
  const write = useWrite({
    run: (sent: { form: T; version: number }) => send(sent.form, sent.version),
    refresh: [...refresh],
    onDone: () => {
      setRestored(false);
      local.drop();
      say(done);
    },
  });
  const save = (on = version) => write.send({ form, version: on });
  useKeys({ "Ctrl+S": () => save(), "Ctrl+Enter": () => save() });
  return {
    form,
    change: (what) => {
      const next = { ...form, ...what };
      setForm(next);
      local.keep(next);
    },
    save: () => save(),
    dirty,
    pending: write.pending,
    notices: (
      <>
        {restored && <Notice tone="info">已恢复本机草稿（{formatInstant(local.draft?.at)}），尚未保存。</Notice>}
        <WriteProblem
          problem={write.problem}
          mine={{ ...form } as Record<string, unknown>}
          fields={fields}
          onTheirs={save}
          retry={() => save()}
        />
      </>
    ),
  };
}
