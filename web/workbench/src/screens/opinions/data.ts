import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Vocabulary } from "@/parts";

type Schemas = components["schemas"];

/** One opinion of the public, as the office sees it. */
export type Opinion = Schemas["OpinionsOpinion"];
export type Act = Opinion["allowed"][number];
export type Reason = Exclude<Opinion["reason"], "">;
export type Mode = Schemas["OpinionsSetting"]["mode"];

export const opinionsKey = ["opinions"] as const;

/** What an act on an opinion makes old. */
export const refresh = [opinionsKey, ["tasks"], ["items"], ["doubts"]];

/** How far an opinion is. */
export const opinionStates = {
  waiting: { text: "待审", tone: "info" },
  featured: { text: "选登", tone: "plain" },
  declined: { text: "不登", tone: "plain" },
  passed: { text: "转办", tone: "plain" },
  merged: { text: "合并", tone: "plain" },
} satisfies Vocabulary;

/** Why one is not shown. */
export const reasons: Readonly<Record<Reason, string>> = {
  personal: "含个人信息",
  "off-topic": "与本页无关",
  advert: "广告",
  attack: "攻击他人",
  unwilling: "本人不愿公开",
  kept: "只收不登",
};

/** Whether an office takes opinions. */
export const modes: Readonly<Record<Mode, string>> = { off: "关", collect: "只收不登", feature: "收并选登" };

/** One page of opinions, the latest first. */
export function listOpinions(office: string, { filters, cursor, limit }: Ask, signal: AbortSignal) {
  return answer(
    api.GET("/v1/offices/{office}/opinions", {
      signal,
      params: {
        path: { office },
        query: {
          limit,
          cursor: cursor || undefined,
          state: filters.state as undefined,
          notice: filters.notice?.[0],
          not_fixed: filters.unfixed ? (["yes"] as const).slice() : undefined,
        },
      },
    }),
  );
}

export function opinionQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...opinionsKey, office, "one", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/opinions/{id}", { signal, params: { path: { office, id } } })),
  });
}

/** The findings of an opinion's page. */
export function candidatesQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...opinionsKey, office, "findings", id],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/opinions/{id}/findings", { signal, params: { path: { office, id } } }),
        )
      ).items,
  });
}

/** The other opinions about the same page, which one can be put with. */
export function alikeQuery(office: string, notice: string) {
  return queryOptions({
    queryKey: [...opinionsKey, office, "alike", notice],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/opinions", {
            signal,
            params: { path: { office }, query: { limit: 100, notice } },
          }),
        )
      ).items,
  });
}

/** Numbers of the own office and of those below. */
export function countsQuery(office: string) {
  return queryOptions({
    queryKey: [...opinionsKey, office, "counts"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/opinions/counts", { signal, params: { path: { office } } }))).items,
  });
}

export function settingQuery(office: string) {
  return queryOptions({
    queryKey: [...opinionsKey, office, "setting"],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/opinions/setting", { signal, params: { path: { office } } })),
  });
}
