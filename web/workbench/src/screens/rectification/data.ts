import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, everyPage, type Form, type Session } from "@/parts";

type Schemas = components["schemas"];

/** One row of the ledger as the service gives it. */
export type Item = Schemas["RectificationItem"];
/** Everything about one item. */
export type ItemPage = Schemas["RectificationItemPage"];
export type Measure = Schemas["RectificationMeasure"];
/** One row of 任务清单. */
export type Task = Schemas["RectificationMeasureRow"];
/** One row of 责任清单. */
export type Duty = Schemas["RectificationDuty"];
export type Evidence = Schemas["RectificationEvidence"];
export type PageNote = Schemas["RectificationPageNote"];
export type Submission = Schemas["RectificationSubmission"];
export type Opinion = Schemas["RectificationOpinion"];
export type Action = Item["allowed"][number];
export type State = Item["state"];
export type Reason = Schemas["RectificationReturning"]["reasons"][number];
export type Verdict = Opinion["verdict"];

/** Whose ledger is looked at: the person's office, or one below it. */
export type Place = Pick<Session, "office" | "below">;

/** The query keys of this room; a change refreshes all of it. */
export const itemsKey = ["items"] as const;

/** The files that prove something: neither replaced nor quarantined. */
export function provingFiles({ files }: ItemPage): ItemPage["files"] {
  return files.filter(({ replaced, scan }) => !replaced && scan !== "infected");
}

/** One page of the ledger. */
export function listItems(place: Place, ask: Ask, signal: AbortSignal) {
  return answer(
    api.GET("/v1/offices/{office}/items", {
      signal,
      params: {
        path: { office: place.office },
        query: { ...itemsAsked(place, ask), cursor: ask.cursor || undefined, limit: ask.limit },
      },
    }),
  );
}

/** Every item that fits, by its deadline: for screens that show no pages. */
export function itemsQuery(place: Place, filters: Ask["filters"]) {
  return queryOptions({
    queryKey: [...itemsKey, place.office, place.below, "every", filters],
    queryFn: ({ signal }) =>
      everyPage((cursor = "") =>
        listItems(place, { q: "", filters, sort: "due", limit: 100, cursor, tab: "" }, signal),
      ),
  });
}

/** The ledger as a workbook: what is asked for, whole. */
export function exportItems(place: Place, ask: Ask, form: Form, columns: string[]) {
  return api.POST("/v1/offices/{office}/items/export", {
    parseAs: "blob",
    params: { path: { office: place.office }, query: { ...itemsAsked(place, ask), ...formed(form, columns) } },
  });
}

/** One page of 任务清单. */
export function listTasks(place: Place, ask: Ask, signal: AbortSignal) {
  return answer(
    api.GET("/v1/offices/{office}/measures", {
      signal,
      params: {
        path: { office: place.office },
        query: { ...asked(place, ask), sort: sorted(ask), cursor: ask.cursor || undefined, limit: ask.limit },
      },
    }),
  );
}

/** 任务清单 as a workbook. */
export function exportTasks(place: Place, ask: Ask, form: Form, columns: string[]) {
  return api.POST("/v1/offices/{office}/measures/export", {
    parseAs: "blob",
    params: {
      path: { office: place.office },
      query: { ...asked(place, ask), sort: sorted(ask), ...formed(form, columns) },
    },
  });
}

/** One page of 责任清单. */
export function listDuties(place: Place, ask: Ask, signal: AbortSignal) {
  return answer(
    api.GET("/v1/offices/{office}/duties", {
      signal,
      params: {
        path: { office: place.office },
        query: { ...asked(place, ask), sort: sorted(ask), cursor: ask.cursor || undefined, limit: ask.limit },
      },
    }),
  );
}

/** 责任清单 as a workbook. */
export function exportDuties(place: Place, ask: Ask, form: Form, columns: string[]) {
  return api.POST("/v1/offices/{office}/duties/export", {
    parseAs: "blob",
    params: {
      path: { office: place.office },
      query: { ...asked(place, ask), sort: sorted(ask), ...formed(form, columns) },
    },
  });
}

/** Who is responsible for anything, for filters: at most a hundred pairs of leader and department. */
export function dutiesQuery(place: Place) {
  const ask: Ask = { q: "", filters: {}, sort: "", limit: 100, cursor: "", tab: "" };
  return queryOptions({
    queryKey: [...itemsKey, place.office, place.below, "who"],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => (await listDuties(place, ask, signal)).items,
  });
}

function itemsAsked(place: Place, ask: Ask) {
  return { ...asked(place, ask), sort: (ask.sort || "number") as "number" };
}

function sorted({ sort }: Ask) {
  return (sort || undefined) as undefined;
}

function formed(form: Form, columns: string[]) {
  return { form, columns: columns.length > 0 ? columns : undefined };
}

function asked({ below }: Place, { filters, q }: Ask) {
  return {
    below,
    q: q || undefined,
    state: filters.state as undefined,
    kind: filters.kind as undefined,
    flag: filters.flag as undefined,
    only: filters.only as undefined,
    unit: filters.unit?.[0],
    round: filters.round?.[0],
    focus: filters.focus ? Number(filters.focus[0]) : undefined,
    due: dueSpan(filters.due?.[0]),
    leader: filters.leader?.[0],
    department: filters.department?.[0],
    done: filters.done?.[0] as undefined,
  };
}

// The service wants both ends of a span.
function dueSpan(value: string | undefined): string | undefined {
  if (!value?.includes("..")) return value;
  const [from, to] = value.split("..");
  return `${from || "2000-01-01"}..${to || "2099-12-31"}`;
}

/** One item with everything about it. */
export function itemQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...itemsKey, office, below, "item", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/items/{id}", { signal, params: { path: { office, id }, query: { below } } }),
      ),
  });
}

/** What was done about an item, the latest first. */
export function timelineQuery({ office, below }: Place, id: string) {
  return queryOptions({
    queryKey: [...itemsKey, office, below, "timeline", id],
    queryFn: ({ signal }) =>
      everyPage(async (cursor) => {
        const before = cursor === undefined ? undefined : Number(cursor);
        const params = { path: { office, id }, query: { below, before, limit: 100 } };
        const { items } = await answer(api.GET("/v1/offices/{office}/items/{id}/timeline", { signal, params }));
        return { items, next: items.length === 100 ? String(items.at(-1)?.seq) : null };
      }),
  });
}

/** The units the office inspects. */
export function unitsQuery({ office, below }: Place) {
  return queryOptions({
    queryKey: ["units", office, below],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/units", { signal, params: { path: { office }, query: { below } } })))
        .items,
  });
}

/** The rounds of the office, the latest first. */
export function roundsQuery({ office, below }: Place) {
  return queryOptions({
    queryKey: ["rounds", office, below],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/rounds", { signal, params: { path: { office }, query: { below } } })))
        .items,
  });
}

/** The round that work is usually about: the latest that does not look at an earlier one again (回头看). */
export function latestRound<R extends { kind: string }>(rounds: readonly R[] | undefined): R | undefined {
  return rounds?.find(({ kind }) => kind !== "followup");
}

/** Whom to ask in the office. */
export function contactsQuery(office: string) {
  return queryOptions({
    queryKey: ["contacts", office],
    staleTime: 60 * 60_000,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/contacts", { signal, params: { path: { office } } }))).items,
  });
}

/** The four focuses (四个聚焦) by number. */
export function focusesQuery(office: string) {
  return queryOptions({
    queryKey: ["taxonomy", office],
    staleTime: 60 * 60_000,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/taxonomy", { signal, params: { path: { office } } }))).focuses,
  });
}

/** How far the office, or the own unit, is: counts, 销号率 and its formula. */
export function closingQuery({ office, below }: Place) {
  return queryOptions({
    queryKey: [...itemsKey, office, below, "closing"],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/closing-rate", { signal, params: { path: { office }, query: { below } } })),
  });
}
