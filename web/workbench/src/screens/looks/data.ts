import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components } from "@/parts";

type Schemas = components["schemas"];

/** One reading by somebody above. */
export type Look = Schemas["TenantsLook"];

export const looksKey = ["looks"] as const;

/** One page of readings, the latest first. */
export function listLooks(office: string, { filters, cursor, limit }: Ask, signal: AbortSignal) {
  return answer(
    api.GET("/v1/offices/{office}/looks", {
      signal,
      params: {
        path: { office },
        query: { limit, cursor: cursor || undefined, from: filters.from?.[0], days: filters.days?.[0] },
      },
    }),
  );
}

/** How often each office above looked, day by day, the latest first. */
export function lookDaysQuery(office: string) {
  return queryOptions({
    queryKey: [...looksKey, office, "days"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/looks/days", { signal, params: { path: { office } } }))).items,
  });
}
