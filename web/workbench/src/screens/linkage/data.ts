import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Form } from "@/parts";

type Schemas = components["schemas"];

export type Letter = Schemas["LinkageLetter"];
export type NoticeView = Schemas["LinkageView"];
export type Delivery = Schemas["LinkageDelivery"];
export type Row = Schemas["LinkageRow"];
export type Composing = Schemas["LinkageComposing"];
export type Source = Schemas["LinkageSource"];
export type CommonIssues = Schemas["LinkageCommonIssues"];
export type CommonIssue = Schemas["LinkageCommonIssue"];
export type Merging = Schemas["LinkageMerging"];
export type Group = Schemas["LinkageGroup"];
export type Tagged = Schemas["LinkageTagged"];
export type Matter = Schemas["LinkageMatter"];
export type MatterView = Schemas["LinkageMatterView"];
export type MatterAct = MatterView["allowed"][number];

/** The query keys of this room; a change refreshes all of it, and the to-do list. */
export const linkageKey = ["linkage"] as const;
export const refreshed = [linkageKey, ["tasks"]] as const;

const at = (office: string) => ({ path: { office } });

/** One page of the inbox or the outbox. */
export function listLetters(office: string, box: "in" | "out", ask: Ask, signal: AbortSignal) {
  const query = { box, cursor: ask.cursor || undefined, limit: ask.limit };
  return answer(api.GET("/v1/offices/{office}/notices", { signal, params: { ...at(office), query } }));
}

/** A notice with everything that the reader may see of it. */
export function noticeQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...linkageKey, office, "notice", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/notices/{id}", { signal, params: { path: { office, id } } })),
  });
}

/** What common issues are counted by, and which findings are: all without it. */
export interface Narrow {
  by?: "tag" | "category";
  area?: string;
  focus?: number;
  from?: string;
  until?: string;
}

/** The tags, or the codes, of issued findings by office. */
export function commonIssuesQuery(office: string, narrow: Narrow = {}) {
  return queryOptions({
    queryKey: [...linkageKey, office, "common", narrow],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/common-issues", { signal, params: { ...at(office), query: narrow } })),
  });
}

/** The findings behind a count: of a tag or a code, of one office or all. Asking for them is written down in their offices. */
export function taggedQuery(office: string, tag: string, of?: string, narrow: Narrow = {}) {
  return queryOptions({
    queryKey: [...linkageKey, office, "tagged", tag, of, narrow],
    queryFn: async ({ signal }) => {
      const params = { ...at(office), query: { ...narrow, tag, of } };
      return (await answer(api.GET("/v1/offices/{office}/common-issues/findings", { signal, params }))).items;
    },
    enabled: tag !== "",
    staleTime: 5 * 60_000,
  });
}

/** Groups of findings with near texts. Asking for them is written down in their offices. */
export function similarQuery(office: string, { by: _, ...narrow }: Narrow) {
  return queryOptions({
    queryKey: [...linkageKey, office, "similar", narrow],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/common-issues/similar", { signal, params: { ...at(office), query: narrow } }),
      ),
    staleTime: 5 * 60_000,
  });
}

/** What counting one tag with another would do to the counts. */
export function tryMergeQuery(office: string, tag: string, into: string) {
  return queryOptions({
    queryKey: [...linkageKey, office, "merge", tag, into],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/common-issues/merge", {
          signal,
          params: { ...at(office), query: { tag, into } },
        }),
      ),
    enabled: tag !== "" && into !== "",
  });
}

/** The table of common issues as a workbook: with the counties' names only for use in the own office. */
export function exportCommon(office: string, narrow: Narrow, named: boolean) {
  return api.POST("/v1/offices/{office}/common-issues/export", {
    parseAs: "blob",
    params: { ...at(office), query: { ...narrow, named } },
  });
}

/** The code tree of findings and the four focuses. */
export function taxonomyQuery(office: string) {
  return queryOptions({
    queryKey: ["taxonomy", office],
    queryFn: ({ signal }) => answer(api.GET("/v1/offices/{office}/taxonomy", { signal, params: at(office) })),
    staleTime: 60 * 60_000,
  });
}

/** The units of the own office. */
export function ownUnitsQuery(office: string) {
  return queryOptions({
    queryKey: ["units", office, undefined],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/units", { signal, params: at(office) }))).items,
    staleTime: 5 * 60_000,
  });
}

/** One page of the matters that were raised, or that came from below. */
export function listMatters(office: string, box: "in" | "out", ask: Ask, signal: AbortSignal) {
  const query = { box, cursor: ask.cursor || undefined, limit: ask.limit };
  return answer(api.GET("/v1/offices/{office}/escalations", { signal, params: { ...at(office), query } }));
}

/** The matters as a workbook. */
export function exportMatters(office: string, box: "in" | "out", form: Form, columns: string[]) {
  const query = { box, form, columns: columns.length > 0 ? columns : undefined };
  return api.POST("/v1/offices/{office}/escalations/export", { parseAs: "blob", params: { ...at(office), query } });
}

/** A matter with its steps. */
export function matterQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...linkageKey, office, "matter", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/escalations/{id}", { signal, params: { path: { office, id } } })),
  });
}
