import { queryOptions } from "@tanstack/react-query";
import { answer, api, type components, type Vocabulary } from "@/parts";

export type Matter = components["schemas"]["ListingsMatter"];

/** The query keys of this room; a change refreshes all of it, and the cockpit, which counts it. */
export const boardKey = ["board"] as const;
export const refreshed = [boardKey, ["overview"]] as const;

/** 挂牌督办. */
export const boardStates = {
  listed: { text: "挂牌督办中", tone: "warning" },
  removed: { text: "已摘牌", tone: "plain" },
} satisfies Vocabulary;

/** All that stands or stood on the board: there is little, and the service gives it at once. */
export async function listBoard(office: string, signal: AbortSignal) {
  const { items } = await answer(api.GET("/v1/offices/{office}/board", { signal, params: { path: { office } } }));
  return items;
}

/** What boards say about one item. */
export function itemBoardQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...boardKey, office, "item", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/items/{id}/board", { signal, params: { path: { office, id } } })),
    select: ({ items }) => items,
  });
}
