// Saved views (UX 2.3): what a person asks of a list, under a name. The service keeps them: those shipped for the role,
// those shared in the office or the unit, and one's own. In the address a view is its key; what it asks for stands there
// too, so that an address says the same to somebody who cannot see the view.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answer, api, ifMatch } from "@/api/client";
import type { components } from "@/api/schema";
import { type ListState, memorable, readState, untouched } from "./state";

/** A saved view. */
export type View = components["schemas"]["TenantsView"];

/** The views of one screen, and what can be done with them. */
export interface Views {
  all: readonly View[];
  save: (name: string, query: string, shared: boolean) => Promise<View>;
  change: (view: View, what: { name?: string; shared?: boolean }) => Promise<View>;
  remove: (view: View) => Promise<void>;
}

/** The views of a screen. A list works without them: while they are on their way, or the service refuses. */
export function useViews(office: string, screen: string): Views {
  const queries = useQueryClient();
  const queryKey = ["views", office, screen];
  const { data } = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/views", { signal, params: { path: { office }, query: { screen } } })))
        .items,
    staleTime: 60_000,
    retry: false,
  });
  const refresh = useCallback(
    () => queries.invalidateQueries({ queryKey: ["views", office, screen] }),
    [queries, office, screen],
  );
  const at = (view: View) => ({ path: { office, id: view.key }, header: ifMatch(view.version) });
  return {
    all: data ?? [],
    save: async (name, query, shared) => {
      const view = await answer(
        api.POST("/v1/offices/{office}/views", { params: { path: { office } }, body: { screen, name, query, shared } }),
      );
      await refresh();
      return view;
    },
    change: async (view, what) => {
      const changed = await answer(api.PATCH("/v1/offices/{office}/views/{id}", { params: at(view), body: what }));
      await refresh();
      return changed;
    },
    remove: async (view) => {
      await answer(api.POST("/v1/offices/{office}/views/{id}/remove", { params: at(view) }));
      await refresh();
    },
  };
}

/** What a list asks now, as a view keeps it: no place in it, and no other view. */
export function viewQuery(state: ListState, cols: readonly string[]): string {
  return new URLSearchParams(memorable({ ...state, cols, view: "" })).toString();
}

/** The list as a view wants it. The page size stays, and the columns where the view says none. */
export function viewState(view: View, now: ListState, filterKeys: readonly string[]): ListState {
  const asked = readState(Object.fromEntries(new URLSearchParams(view.query)), filterKeys);
  return {
    ...untouched,
    q: asked.q,
    filters: asked.filters,
    sort: asked.sort,
    size: now.size,
    tab: asked.tab || now.tab,
    cols: asked.cols.length > 0 ? asked.cols : now.cols,
    view: view.key,
  };
}
