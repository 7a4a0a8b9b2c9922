import { queryOptions } from "@tanstack/react-query";
import { answer, api, type components, type Vocabulary } from "@/parts";
import { itemsKey, type Place } from "../rectification/data";

type Schemas = components["schemas"];

/** What is known of the time an item has: requests for more, and every last day it had. */
export type TimePage = Schemas["ExtensionsPage"];
/** One request for more time. */
export type Request = Schemas["ExtensionsRequest"];
export type RequestKind = Request["kind"];
/** Several requests that the head signs as one. */
export type RequestList = Schemas["ExtensionsList"];

/** 延期申请. */
export const requestStates = {
  asked: { text: "待签署", tone: "info" },
  signed: { text: "待审批", tone: "info" },
  approved: { text: "已批准", tone: "plain" },
  refused: { text: "不予批准", tone: "warning" },
  withdrawn: { text: "已撤回", tone: "neutral" },
} satisfies Vocabulary;

/** What is asked for. */
export const requestKinds: Readonly<Record<RequestKind, string>> = { later: "延期", "long-term": "转长期整改" };

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
