import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, ifMatch, type Session } from "@/parts";

type Schemas = components["schemas"];

/** One line of the list. */
export type Line = Schemas["DisclosureLine"];
/** A text for the public with everything about it. */
export type Draft = Schemas["DisclosureDraft"];
/** One finding in it. */
export type Item = Schemas["DisclosureItem"];
export type Hit = Schemas["DisclosureHit"];
export type Change = Schemas["DisclosureChange"];
export type ItemChange = Schemas["DisclosureItemChange"];
export type Action = Draft["allowed"][number];
export type Withheld = Item["withheld"];
export type Grounds = Schemas["DisclosureKept"]["grounds"];

/** Whose texts are looked at: the person's office, or one below it. */
export type Place = Pick<Session, "office" | "below">;

/** The query keys of this room; a change refreshes all of it. */
export const textsKey = ["disclosures"] as const;

/** One page of the list. */
export function listTexts({ office, below }: Place, ask: Ask, signal: AbortSignal) {
  const { filters } = ask;
  return answer(
    api.GET("/v1/offices/{office}/disclosures", {
      signal,
      params: {
        path: { office },
        query: {
          below,
          cursor: ask.cursor || undefined,
          limit: ask.limit,
          state: filters.state?.[0] as Draft["state"] | undefined,
          unit: filters.unit?.[0],
          round: filters.round?.[0],
        },
      },
    }),
  );
}

/** One text. */
export function textQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...textsKey, office, below, "text", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/disclosures/{id}", {
          signal,
          params: { path: { office, id }, query: { below } },
        }),
      ),
  });
}

/** The page as the public would read it. It follows the text's digest: another text is another page. */
export function previewQuery({ office, below }: Place, draft: Draft, size: "m" | "l") {
  return queryOptions({
    queryKey: [...textsKey, office, below, "preview", draft.id, draft.digest, size],
    queryFn: async ({ signal }) => {
      const params = { path: { office, id: draft.id }, query: { below, size } };
      return (await answer(api.GET("/v1/offices/{office}/disclosures/{id}/preview", { signal, params }))).html;
    },
  });
}

/** Saves what was written into a text. */
export function saveText(office: string, id: string, version: number, body: Change): Promise<Draft> {
  return answer(
    api.PATCH("/v1/offices/{office}/disclosures/{id}", {
      params: { path: { office, id } },
      headers: ifMatch(version),
      body,
    }),
  );
}

/** Saves what was written about one finding. */
export function saveItem(office: string, id: string, item: Pick<Item, "finding">, version: number, body: ItemChange) {
  return answer(
    api.PATCH("/v1/offices/{office}/disclosures/{id}/items/{finding}", {
      params: { path: { office, id, finding: item.finding } },
      headers: ifMatch(version),
      body,
    }),
  );
}

/** Shows what a change answered at once, wherever the text is on screen. */
export function showText(queries: QueryClient, place: Place, draft: Draft): void {
  queries.setQueryData(textQuery(place, draft.id).queryKey, draft);
}
