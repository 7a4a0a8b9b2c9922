import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, ifMatch } from "@/parts";

type Schemas = components["schemas"];

export type Line = Schemas["FollowupsLine"];
export type FollowUp = Schemas["FollowupsFollowUp"];
export type Counts = Schemas["FollowupsCounts"];
export type Proposal = Schemas["FollowupsProposal"];
export type Drafting = Schemas["FollowupsDrafting"];
export type Sheet = Schemas["FollowupsSheet"];
export type Row = Schemas["FollowupsRow"];
export type Looked = Schemas["FollowupsLooked"];
export type Problem = Schemas["FollowupsProblem"];

/** The query keys of this room; a change refreshes all of it. */
export const followUpsKey = ["followups"] as const;

/** What a step needs besides its body: who is meant, the version that was read, and the name of this try. */
export function step(office: string, id: string, version: number, key: string) {
  return { params: { path: { office, id } }, headers: { ...ifMatch(version), "Idempotency-Key": key } };
}

/** One page of the list. The service gives all at once: there are few. */
export async function listFollowUps(office: string, { filters, q, cursor, limit }: Ask, signal: AbortSignal) {
  const { items } = await answer(api.GET("/v1/offices/{office}/followups", { signal, params: { path: { office } } }));
  const found = items.filter(
    (line) => (!filters.state || filters.state.includes(line.state)) && (!q || line.name.includes(q)),
  );
  const from = Number(cursor || 0);
  const next = from + limit < found.length ? String(from + limit) : "";
  return { items: found.slice(from, from + limit), next, total: found.length };
}

/** One follow-up. */
export function followUpQuery(office: string, id: string | undefined) {
  return queryOptions({
    queryKey: [...followUpsKey, office, "one", id],
    enabled: id !== undefined,
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/followups/{id}", { signal, params: { path: { office, id: id ?? "" } } })),
  });
}

/** The units of a past round, and what speaks for taking each. */
export function proposalsQuery(office: string, round: string | undefined) {
  return queryOptions({
    queryKey: [...followUpsKey, office, "proposals", round],
    enabled: round !== undefined,
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/rounds/{round}/followup-units", {
            signal,
            params: { path: { office, round: round ?? "" } },
          }),
        )
      ).units,
  });
}

/** One unit's sheet. */
export function sheetQuery(office: string, id: string, unit: string) {
  return queryOptions({
    queryKey: [...followUpsKey, office, "sheet", id, unit],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/followups/{id}/units/{unit}", { signal, params: { path: { office, id, unit } } }),
      ),
  });
}

/** What follow-ups came to for an item. */
export function itemFollowUpsQuery(office: string, below: string | undefined, id: string) {
  return queryOptions({
    queryKey: [...followUpsKey, office, below, "item", id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/items/{id}/followups", {
            signal,
            params: { path: { office, id }, query: { below } },
          }),
        )
      ).items,
  });
}
