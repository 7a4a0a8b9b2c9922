// Changes: one hook for all of them, so that a second click, a retry after a lost answer and a stale version behave the
// same on every screen.

import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey } from "./client";
import { asProblem, type Problem } from "./problem";

/** How a change is made. */
export interface Write<In, Out> {
  /** Makes it. `key` goes into the `Idempotency-Key` header of a POST. */
  run: (input: In, key: string) => Promise<Out>;
  /** What is out of date afterwards. */
  refresh?: readonly QueryKey[];
  onDone?: (out: Out, input: In) => void;
  onProblem?: (problem: Problem, input: In) => void;
}

/** A change being made or made. */
export interface Writing<In> {
  /** Makes the change; a second call while one is under way does nothing. */
  send: (input: In) => void;
  pending: boolean;
  problem: Problem | null;
  /** Forgets the problem, e.g. when the person goes on typing. */
  clear: () => void;
}

/** Makes changes. The same input sent again after a lost answer carries the same key and has one effect. */
export function useWrite<In, Out>(write: Write<In, Out>): Writing<In> {
  const queries = useQueryClient();
  const attempt = useRef({ print: "", key: "" });
  const busy = useRef(false);
  const mutation = useMutation<Out, Problem, In>({
    mutationFn: async (input) => {
      const print = JSON.stringify(input) ?? "";
      if (attempt.current.key === "" || attempt.current.print !== print) attempt.current = { print, key: newKey() };
      try {
        return await write.run(input, attempt.current.key);
      } catch (thrown) {
        throw asProblem(thrown).kept();
      }
    },
    onSuccess: async (out, input) => {
      attempt.current = { print: "", key: "" };
      await Promise.all((write.refresh ?? []).map((queryKey) => queries.invalidateQueries({ queryKey })));
      write.onDone?.(out, input);
    },
    onError: (problem, input) => {
      if (!problem.passing) attempt.current = { print: "", key: "" };
      write.onProblem?.(problem, input);
    },
    onSettled: () => {
      busy.current = false;
    },
  });
  return {
    send: (input) => {
      if (busy.current) return;
      busy.current = true;
      mutation.mutate(input);
    },
    pending: mutation.isPending,
    problem: mutation.error,
    clear: mutation.reset,
  };
}
