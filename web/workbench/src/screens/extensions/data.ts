import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Vocabulary } from "@/parts";
import { itemsKey, type Place } from "../rectification/data";

type Schemas = components["schemas"];

/** What is known of the time an item has: requests for more, and every last day it had. */
export type TimePage = Schemas["ExtensionsPage"];
/** One request for more time. */
export type Request = Schemas["ExtensionsRequest"];
export type RequestKind = Request["kind"];
/** Several requests that the head signs as one. */
export type RequestList = Schemas["ExtensionsList"];

/** A request that was passed up to the office one level above, as both offices see it. */
export type Raised = Schemas["ExtensionsRaised"];

/** 延期申请. */
export const requestStates = {
  asked: { text: "待签署", tone: "info" },
  signed: { text: "待审批", tone: "info" },
  forwarded: { text: "待上级审批", tone: "info" },
  granted: { text: "上级已批准", tone: "info" },
  denied: { text: "上级不予批准", tone: "warning" },
  approved: { text: "已批准", tone: "plain" },
  refused: { text: "不予批准", tone: "warning" },
  lapsed: { text: "未执行", tone: "warning" },
  withdrawn: { text: "已撤回", tone: "neutral" },
} satisfies Vocabulary;

/** The states of one request, with the place whose office decides: 待靖原市批. */
export function statesOf({ above, decider_name }: Request) {
  if (!above) return requestStates;
  return {
    ...requestStates,
    signed: { text: "待转报", tone: "info" },
    forwarded: { text: `待${decider_name}批`, tone: "info" },
  } satisfies Vocabulary;
}

/** What is asked for, in words: 2026-12-15 延期至 2026-12-31. */
export function wishOf({ kind, from_on, until_on }: Request): string {
  return kind === "later" ? `${from_on ?? ""} 延期至 ${until_on}`.trim() : `转长期整改，${until_on} 复核`;
}

/** What is asked for. */
export const requestKinds: Readonly<Record<RequestKind, string>> = { later: "延期", "long-term": "转长期整改" };

/** What the day is called that is granted. */
export const grantedDays: Readonly<Record<RequestKind, string>> = {
  later: "批准期限",
  "long-term": "批准的复核日期",
};

/** The requests of an item and the history of its clock. */
export function timeQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...itemsKey, office, below, "extensions", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/items/{id}/extensions", {
          signal,
          params: { path: { office, id }, query: { below } },
        }),
      ),
  });
}

/** What was passed up, to this office or by it, page by page. */
export function listRaised(office: string, ask: Ask, signal: AbortSignal) {
  const query = { cursor: ask.cursor || undefined, limit: ask.limit };
  return answer(api.GET("/v1/offices/{office}/raised-extensions", { signal, params: { path: { office }, query } }));
}

/** One of them, with what is needed to decide it. */
export function raisedQuery(office: string, extension: string) {
  return queryOptions({
    queryKey: [...itemsKey, office, "raised-extension", extension],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/raised-extensions/{extension}", {
          signal,
          params: { path: { office, extension } },
        }),
      ),
  });
}

/** A list of requests. */
export function listQuery({ office, below }: Place, list: string) {
  return queryOptions({
    queryKey: [...itemsKey, office, below, "extension-list", list],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/extension-lists/{list}", {
          signal,
          params: { path: { office, list }, query: { below } },
        }),
      ),
  });
}
