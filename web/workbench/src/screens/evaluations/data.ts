import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Form, NO_DATA, type Session } from "@/parts";

type Schemas = components["schemas"];

/** One edition of an evaluation, as the list shows it. */
export type Line = Schemas["EvaluationsLine"];
export type Evaluation = Schemas["EvaluationsEvaluation"];
export type Action = Evaluation["allowed"][number];
export type Card = Schemas["EvaluationsIssue"];
export type Aspect = Schemas["EvaluationsAspect"];
export type CardItem = Schemas["EvaluationsItem"];
export type Sheet = Schemas["EvaluationsSheet"];
export type Entry = Schemas["EvaluationsEntry"];
export type Deducting = Schemas["EvaluationsDeducting"];
export type Proposal = Schemas["EvaluationsProposal"];
export type Link = Schemas["EvaluationsLink"];
export type Result = Schemas["EvaluationsResult"];
export type Survey = Schemas["EvaluationsSurvey"];
export type Second = Schemas["EvaluationsSecond"];
export type Person = Schemas["EvaluationsPerson"];

type Place = Pick<Session, "office" | "below">;

/** The query keys of this room; a change refreshes all of it. */
export const evaluationsKey = ["evaluations"] as const;

/** Tenths of a point as people write them: 「13.5」. */
export function formatPoints(tenths: number | null | undefined): string {
  if (tenths === null || tenths === undefined) return NO_DATA;
  const digits = String(Math.abs(tenths)).padStart(2, "0");
  return `${tenths < 0 ? "-" : ""}${digits.slice(0, -1)}${digits.endsWith("0") ? "" : `.${digits.slice(-1)}`}`;
}

/** One page of the list. The service gives all at once: there are as many as units and rounds. */
export async function listEvaluations(
  { office, below }: Place,
  { filters, q, cursor, limit }: Ask,
  signal: AbortSignal,
) {
  const { evaluations } = await answer(
    api.GET("/v1/offices/{office}/evaluations", { signal, params: { path: { office }, query: { below } } }),
  );
  const found = evaluations.filter(
    (line) =>
      (filters.state ? filters.state.includes(line.state) : line.state !== "superseded") &&
      (!filters.round || filters.round.includes(line.round)) &&
      (!filters.grade || filters.grade.includes(line.grade)) &&
      (!q || line.unit_name.includes(q)),
  );
  const from = Number(cursor || 0);
  const next = from + limit < found.length ? String(from + limit) : "";
  return { items: found.slice(from, from + limit), next, total: found.length };
}

/** The grades as a workbook, in the order of units. */
export function exportGrades({ office, below }: Place, form: Form, columns: string[]) {
  const query = { below, form, columns: columns.length > 0 ? columns : undefined };
  return api.POST("/v1/offices/{office}/evaluations/export", { parseAs: "blob", params: { path: { office }, query } });
}

/** The score sheet of one evaluation as a workbook. */
export function exportSheet(office: string, id: string) {
  return api.POST("/v1/offices/{office}/evaluations/{id}/export", {
    parseAs: "blob",
    params: { path: { office, id } },
  });
}

/** One evaluation. */
export function evaluationQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...evaluationsKey, office, below, "evaluation", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/evaluations/{id}", {
          signal,
          params: { path: { office, id }, query: { below } },
        }),
      ),
  });
}

/** The score cards in force. */
export function cardsQuery(office: string) {
  return queryOptions({
    queryKey: ["score-cards", office],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/score-cards", { signal, params: { path: { office } } }))).cards,
  });
}

/** Who may be in the group. */
export function candidatesQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...evaluationsKey, office, "candidates", id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/evaluations/{id}/candidates", { signal, params: { path: { office, id } } }),
        )
      ).people,
  });
}

/** The rows that a deduction may name. */
export function rowsQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...evaluationsKey, office, "rows", id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/evaluations/{id}/rows", { signal, params: { path: { office, id } } }),
        )
      ).rows,
  });
}
