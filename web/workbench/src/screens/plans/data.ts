import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Session } from "@/parts";

type Schemas = components["schemas"];

/** One edition of a unit's plan, as the list shows it. */
export type Line = Schemas["PlansLine"];
/** One edition with what is or was signed. */
export type Plan = Schemas["PlansPlan"];
export type Answer = Plan["content"]["answers"][number];
export type Refusal = Plan["refused"][number];
export type Gap = Plan["gaps"][number];

type Place = Pick<Session, "office" | "below">;

/** The query keys of this room; a change refreshes all of it. */
export const plansKey = ["plans"] as const;

/** One page of the list. The service gives all plans at once: there are as many as units and rounds. */
export async function listPlans({ office, below }: Place, { filters, q, cursor, limit }: Ask, signal: AbortSignal) {
  const { plans } = await answer(
    api.GET("/v1/offices/{office}/plans", { signal, params: { path: { office }, query: { below } } }),
  );
  const found = plans.filter(
    (line) =>
      (!filters.state || filters.state.includes(line.state)) &&
      (!filters.round || filters.round.includes(line.round)) &&
      (!q || line.unit_name.includes(q)),
  );
  const from = Number(cursor || 0);
  const next = from + limit < found.length ? String(from + limit) : "";
  return { items: found.slice(from, from + limit), next, total: found.length };
}

/** One plan. */
export function planQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...plansKey, office, below, "plan", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/plans/{id}", { signal, params: { path: { office, id }, query: { below } } }),
      ),
  });
}

/** A plan as a Word document. */
export function exportPlan({ office, below }: Place, id: string) {
  return api.POST("/v1/offices/{office}/plans/{id}/export", {
    parseAs: "blob",
    params: { path: { office, id }, query: { below } },
  });
}
