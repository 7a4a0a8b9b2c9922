import { queryOptions } from "@tanstack/react-query";
import { answer, api, type components, type Session } from "@/parts";

type Schemas = components["schemas"];

export type Overview = Schemas["StatisticsOverview"];
export type Line = Schemas["StatisticsLine"];
export type Rate = Schemas["StatisticsRate"];
export type Verdict = Schemas["StatisticsVerdict"];
export type Counts = Schemas["StatisticsCounts"];
export type UnitOverview = Schemas["StatisticsUnitOverview"];
export type Attention = Schemas["StatisticsAttention"];
export type Trend = Schemas["StatisticsTrend"];
export type OpenLine = Trend["open"][number];
export type Definition = Schemas["StatisticsDefinition"];

/** Whose counts are looked at: the person's office, or one below it. */
export type Place = Pick<Session, "office" | "below">;

/** How an office and those below it stand. */
export function overviewQuery({ office, below }: Place) {
  return queryOptions({
    queryKey: ["overview", office, below],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/overview", { signal, params: { path: { office }, query: { below } } })),
  });
}

/** How an office and those below it came to stand so; asked for after the numbers, which do not wait for it. */
export function trendQuery({ office, below }: Place) {
  return queryOptions({
    queryKey: ["overview", office, below, "trend"],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/overview/trend", { signal, params: { path: { office }, query: { below } } }),
      ),
  });
}

/** How the units of one office stand. */
export function unitsQuery({ office, below }: Place) {
  return queryOptions({
    queryKey: ["overview", office, below, "units"],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/overview/units", { signal, params: { path: { office }, query: { below } } }),
      ),
  });
}

/** How many findings each office of the reach has, by its slug. */
export function countsQuery(office: string) {
  return queryOptions({
    ...overviewQuery({ office, below: undefined }),
    select: (overview) =>
      new Map([...overview.leaves, ...overview.own].map((line) => [line.slug, line.counts.problems])),
  });
}

/** Everything the overview shows as a workbook; the journal has it. */
export function exportOverview({ office, below }: Place) {
  return api.POST("/v1/offices/{office}/overview/export", {
    params: { path: { office }, query: { below, form: "all" } },
    parseAs: "blob",
  });
}
