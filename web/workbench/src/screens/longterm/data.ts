import { queryOptions } from "@tanstack/react-query";
import { answer, api, type components, type Vocabulary } from "@/parts";
import { itemsKey, type Place } from "../rectification/data";

type Schemas = components["schemas"];

/** What is known of the reviews of a long-term item. */
export type ReviewPage = Schemas["LongtermPage"];
/** One review of a long-term item. */
export type LongReview = Schemas["LongtermReview"];
export type Outcome = LongReview["outcome"];

/** 长期整改复核. */
export const reviewStates = {
  proposed: { text: "待会审", tone: "info" },
  objected: { text: "未通过", tone: "warning" },
  settled: { text: "已生效", tone: "plain" },
  withdrawn: { text: "已撤回", tone: "neutral" },
} satisfies Vocabulary;

/** What becomes of the item. */
export const outcomes: Readonly<Record<Outcome, string>> = { continue: "继续长期", resume: "转回整改", done: "销号" };

/** The reviews of an item. */
export function reviewsQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...itemsKey, office, below, "long-reviews", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/items/{id}/long-reviews", {
          signal,
          params: { path: { office, id }, query: { below } },
        }),
      ),
  });
}
