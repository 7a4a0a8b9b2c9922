import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Form } from "@/parts";

type Schemas = components["schemas"];

export type Check = Schemas["ChecksCheck"];
export type Visit = Schemas["ChecksVisit"];
export type Row = Schemas["ChecksRow"];
export type Cell = Schemas["ChecksCell"];
export type Inspector = Schemas["ChecksInspector"];
export type Outcome = Exclude<Visit["outcome"], "">;

/** The query keys of this room; a change refreshes all of it. */
export const checksKey = ["checks"] as const;

/** The rounds of checks with their numbers, the latest first. */
export function checksQuery(office: string) {
  return queryOptions({
    queryKey: [...checksKey, office, "rounds"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/checks", { signal, params: { path: { office } } }))).items,
  });
}

/** One page of the matrix. */
export function listRows(office: string, ask: Ask, signal: AbortSignal) {
  const query = { ...asked(ask), cursor: ask.cursor || undefined, limit: ask.limit };
  return answer(api.GET("/v1/offices/{office}/checks/matrix", { signal, params: { path: { office }, query } }));
}

/** The matrix as a workbook; the form for reporting is on A3. */
export function exportMatrix(office: string, ask: Ask, form: Form, columns: string[]) {
  const query = { ...asked(ask), form, columns: columns.length > 0 ? columns : undefined };
  return api.POST("/v1/offices/{office}/checks/matrix/export", {
    parseAs: "blob",
    params: { path: { office }, query },
  });
}

function asked({ filters }: Ask) {
  return {
    round: filters.round?.[0],
    n: filters.n ? Number(filters.n[0]) : undefined,
    verdict: filters.verdict?.[0] as undefined,
    unit: filters.unit?.[0],
  };
}

/** The visits to one problem, of all rounds. */
export function visitsQuery(office: string, finding: string) {
  return queryOptions({
    queryKey: [...checksKey, office, "visits", finding],
    queryFn: async ({ signal }) => {
      const params = { path: { office }, query: { finding, limit: 6 } };
      return (await answer(api.GET("/v1/offices/{office}/visits", { signal, params }))).items ?? [];
    },
  });
}

/** One visit. */
export function visitQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...checksKey, office, "visit", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/visits/{id}", { signal, params: { path: { office, id } } })),
  });
}

/** One page of the visits that the person makes. */
export function listMine(office: string, ask: Ask, signal: AbortSignal) {
  const query = {
    mine: true,
    state: ask.filters.state as undefined,
    cursor: ask.cursor || undefined,
    limit: ask.limit,
  };
  return answer(api.GET("/v1/offices/{office}/visits", { signal, params: { path: { office }, query } }));
}

/** Who may be sent to see. */
export function inspectorsQuery(office: string) {
  return queryOptions({
    queryKey: [...checksKey, office, "inspectors"],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/checks/inspectors", { signal, params: { path: { office } } }))).items,
  });
}

/** The confirmed visits to an item. */
export function resultsQuery(office: string, below: string | undefined, id: string) {
  return queryOptions({
    queryKey: [...checksKey, office, below, "results", id],
    queryFn: async ({ signal }) => {
      const params = { path: { office, id }, query: { below } };
      return (await answer(api.GET("/v1/offices/{office}/items/{id}/checks", { signal, params }))).items;
    },
  });
}

export type Letter = Schemas["ChecksLetter"];

/** What a unit was asked after a visit (督办单), and what it says to it. */
export function letterQuery(office: string, visit: string) {
  return queryOptions({
    queryKey: [...checksKey, office, "letter", visit],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/visits/{id}/letter", { signal, params: { path: { office, id: visit } } })),
  });
}

/** It as a Word document. */
export function exportLetter(office: string, visit: string) {
  return api.POST("/v1/offices/{office}/visits/{id}/letter/export", {
    parseAs: "blob",
    params: { path: { office, id: visit } },
  });
}

/** The report on a round of checks as a Word document. */
export function exportReport(office: string, check: string) {
  return api.POST("/v1/offices/{office}/checks/{check}/report/export", {
    parseAs: "blob",
    params: { path: { office, check } },
  });
}
