import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Session, type Vocabulary } from "@/parts";

type Schemas = components["schemas"];

/** One signal of doubt; it is no verdict. */
export type Doubt = Schemas["DoubtsDoubt"];
export type Look = Schemas["DoubtsLook"];
export type Verdict = Look["verdict"];

type Place = Pick<Session, "office" | "below">;

/** The query keys of this room; an item's signals are under the item's. */
export const doubtsKey = ["doubts"] as const;

/** How far a signal is. */
export const doubtStates = {
  found: { text: "待核", tone: "doubt" },
  answered: { text: "已说明", tone: "doubt" },
  checked: { text: "一人已核", tone: "info" },
  confirmed: { text: "属实", tone: "warning" },
  cleared: { text: "排除", tone: "plain" },
} satisfies Vocabulary;

/** What a person may conclude on site. */
export const doubtVerdicts = {
  confirmed: { text: "属实", tone: "warning" },
  cleared: { text: "排除", tone: "plain" },
} satisfies Vocabulary;

/** What signals are about. */
export const doubtKinds = {
  "same-file": { text: "同一文件", tone: "plain" },
  "near-picture": { text: "近似图片", tone: "plain" },
  "before-feedback": { text: "早于反馈", tone: "plain" },
  "late-minutes": { text: "事后制作", tone: "plain" },
  "same-text": { text: "措施雷同", tone: "plain" },
  burst: { text: "集中销号", tone: "plain" },
  "deadline-burst": { text: "期限日销号", tone: "plain" },
  "rules-only": { text: "只建制度", tone: "plain" },
  "named-again": { text: "再次被反映", tone: "plain" },
} satisfies Vocabulary;

/** One page of signals, the latest first. */
export function listDoubts({ office, below }: Place, { filters, cursor, limit }: Ask, signal: AbortSignal) {
  return answer(
    api.GET("/v1/offices/{office}/doubts", {
      signal,
      params: {
        path: { office },
        query: {
          below,
          limit,
          cursor: cursor || undefined,
          state: filters.state as undefined,
          kind: filters.kind as undefined,
          unit: filters.unit?.[0],
        },
      },
    }),
  );
}

/** How often each kind of signal was right. */
export function precisionQuery({ office, below }: Place) {
  return queryOptions({
    queryKey: [...doubtsKey, office, below, "precision"],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/doubts/precision", { signal, params: { path: { office }, query: { below } } }),
        )
      ).items,
  });
}

/** The signals of one item. */
export function itemDoubtsQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...doubtsKey, office, below, "item", id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/items/{id}/doubts", {
            signal,
            params: { path: { office, id }, query: { below } },
          }),
        )
      ).items,
  });
}
