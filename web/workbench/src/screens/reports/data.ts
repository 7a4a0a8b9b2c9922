import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Session } from "@/parts";

type Schemas = components["schemas"];

/** One edition of a report, or one that is owed and not begun. */
export type Line = Schemas["ReportsLine"];
/** One edition with what is or was signed. */
export type Report = Schemas["ReportsReport"];
export type Item = Report["content"]["items"][number];
export type Kind = Line["kind"];
export type Act = Schemas["ReportsAct"];
export type ActKind = Act["kind"];

type Place = Pick<Session, "office" | "below">;

/** The query keys of this room; a change refreshes all of it. */
export const reportsKey = ["reports"] as const;

/** How a line stands, in one word. */
export const stateOf = (line: Line) => line.state ?? "owed";

/** What is owed and what was made. */
export function reportsQuery({ office, below }: Place) {
  return queryOptions({
    queryKey: [...reportsKey, office, below, "all"],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/reports", { signal, params: { path: { office }, query: { below } } }),
        )
      ).reports,
  });
}

/** One page of the list. The service gives all at once: there are as many as units, rounds and periods. */
export async function listReports(place: Place, { filters, q, cursor, limit }: Ask, signal: AbortSignal) {
  const { office, below } = place;
  const { reports } = await answer(
    api.GET("/v1/offices/{office}/reports", { signal, params: { path: { office }, query: { below } } }),
  );
  const found = reports.filter(
    (line) =>
      (!filters.state || filters.state.includes(stateOf(line))) &&
      (!filters.kind || filters.kind.includes(line.kind)) &&
      (!filters.round || filters.round.includes(line.round)) &&
      (!filters.overdue || line.overdue) &&
      (!q || line.unit_name.includes(q)),
  );
  const from = Number(cursor || 0);
  const next = from + limit < found.length ? String(from + limit) : "";
  return { items: found.slice(from, from + limit), next, total: found.length };
}

/** One report. */
export function reportQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...reportsKey, office, below, "report", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/reports/{id}", { signal, params: { path: { office, id }, query: { below } } }),
      ),
  });
}

/** What the unit's head did about the findings of a round. */
export function actsQuery(office: string, round: string) {
  return queryOptions({
    queryKey: [...reportsKey, office, "acts", round],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/head-acts", { signal, params: { path: { office }, query: { round } } }),
        )
      ).acts,
  });
}

/** Begins the edition that the unit owes next. */
export function beginReport(office: string, round: string, kind: Kind, key: string) {
  return answer(
    api.POST("/v1/offices/{office}/reports", {
      params: { path: { office } },
      headers: { "Idempotency-Key": key },
      body: { round, kind },
    }),
  );
}
