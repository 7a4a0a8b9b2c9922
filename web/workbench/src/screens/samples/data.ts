import { queryOptions } from "@tanstack/react-query";
import { answer, api, type components, ifMatch, type Vocabulary } from "@/parts";

type Schemas = components["schemas"];

export type Sample = Schemas["SamplesSample"];
export type SampleItem = Schemas["SamplesItem"];
export type Counts = Schemas["SamplesCounts"];

/** The query keys of this room; a change refreshes all of it, and the to-do list. */
export const samplesKey = ["samples"] as const;
export const refreshed = [samplesKey, ["tasks"]] as const;

/** 抽查, item by item. */
export const sampleStates = {
  drawn: { text: "待核查", tone: "info" },
  confirmed: { text: "确认到位", tone: "plain" },
  refuted: { text: "未整改到位", tone: "danger" },
  reopened: { text: "已重新整改", tone: "warning" },
  lapsed: { text: "未执行", tone: "neutral" },
} satisfies Vocabulary;

/** Why an item is in a sample. */
export const sampleWhys: Readonly<Record<SampleItem["why"], string>> = { lot: "抽签", doubt: "存疑", late: "逾期销号" };

/** 「16 项，待核查 3，到位 12，未到位 1」; what is none is not said. */
export function progressOf({ all, waiting, confirmed, refuted }: Counts): string {
  const words = [
    `${all} 项`,
    waiting > 0 && `待核查 ${waiting}`,
    confirmed > 0 && `到位 ${confirmed}`,
    refuted > 0 && `未到位 ${refuted}`,
  ];
  return words.filter((each) => each !== false).join("，");
}

/** The address of the item that was drawn, from where the reader stands. */
export function itemHref(office: string, { item, office: whose }: SampleItem): string {
  return `/w/${office}/ledger/${item}${whose === office ? "" : `?below=${whose}`}`;
}

/** What a step needs besides its body: who is meant, the version that was read, and the name of this try. */
export function step(office: string, item: string, version: number, key: string) {
  return { params: { path: { office, item } }, headers: { ...ifMatch(version), "Idempotency-Key": key } };
}

/** The samples that the office drew, and that were drawn in it: there are few, and the service gives all at once. */
export async function listSamples(office: string, signal: AbortSignal) {
  const { items } = await answer(api.GET("/v1/offices/{office}/samples", { signal, params: { path: { office } } }));
  return { items, next: "", total: items.length };
}

/** One of them with its items. */
export function sampleQuery(office: string, sample: string) {
  return queryOptions({
    queryKey: [...samplesKey, office, "one", sample],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/samples/{sample}", { signal, params: { path: { office, sample } } })),
  });
}

/** What samples came to for one item. */
export function itemSamplesQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...samplesKey, office, "item", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/items/{id}/samples", { signal, params: { path: { office, id } } })),
    select: ({ items }) => items,
  });
}
