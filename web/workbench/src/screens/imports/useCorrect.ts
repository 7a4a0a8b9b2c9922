import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { answer, api, asProblem, ifMatch, type Problem, useSession } from "@/parts";
import { type Answering, type Import, importQuery } from "./data";

/** Saves answers and choices as they are given, one after the other, each on top of the version the last one made. */
export function useCorrect(im: Import): {
  save: (what: Partial<Answering>) => Promise<boolean>;
  saving: boolean;
  problem: Problem | null;
} {
  const { office } = useSession();
  const queries = useQueryClient();
  const [pending, setPending] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const send = useCallback(
    async (what: Partial<Answering>) => {
      const query = importQuery(office, im.id);
      const body: Answering = { answers: [], choices: [], focuses: [], ...what };
      const put = (version: number) =>
        answer(
          api.PUT("/v1/offices/{office}/imports/{id}/answers", {
            params: { path: { office, id: im.id } },
            headers: ifMatch(version),
            body,
          }),
        );
      const version = queries.getQueryData<Import>(query.queryKey)?.version ?? im.version;
      // Somebody answered beside us: what is not named stays, so ours goes on top of theirs.
      const made = await put(version).catch(async (thrown: unknown) => {
        if (asProblem(thrown).status !== 412) throw thrown;
        const latest = await queries.fetchQuery({ ...query, staleTime: 0 });
        return put(latest.version);
      });
      // A look that began before the change must not put its older answer on top of it.
      await queries.cancelQueries({ queryKey: query.queryKey, exact: true });
      queries.setQueryData(query.queryKey, made);
    },
    [office, im.id, im.version, queries],
  );
  const save = useCallback(
    (what: Partial<Answering>) => {
      setPending((n) => n + 1);
      const turn = line.current.then(() => send(what));
      line.current = turn.catch(() => undefined);
      return turn
        .then(
          () => {
            setProblem(null);
            return true;
          },
          (thrown: unknown) => {
            setProblem(asProblem(thrown));
            return false;
          },
        )
        .finally(() => setPending((n) => n - 1));
    },
    [send],
  );
  return { save, saving: pending > 0, problem };
}
