import { queryOptions } from "@tanstack/react-query";
import { type Ask, answer, api, type components, type Role, roleNames, type Vocabulary } from "@/parts";

export type Reminder = components["schemas"]["RectificationReminder"];
export type Letter = components["schemas"]["RectificationLetter"];
export type RunningChain = components["schemas"]["RectificationRunningChain"];
export type Urging = components["schemas"]["RectificationUrging"];
export type Copy = components["schemas"]["RectificationCopy"];
export type Chain = components["schemas"]["RectificationChain"];

/** The query keys of this room. */
export const remindersKey = ["reminders"] as const;

/** What became of a rung of the ladder. */
export const reminderStates = {
  waiting: { text: "待签发", tone: "info" },
  sent: { text: "已发出", tone: "plain" },
  dropped: { text: "不发", tone: "neutral" },
  skipped: { text: "未发", tone: "neutral" },
} satisfies Vocabulary;

/** How far a letter of an office above is. */
export const urgingStates = {
  waiting: { text: "待签发", tone: "info" },
  sent: { text: "待签收", tone: "warning" },
  received: { text: "已签收", tone: "plain" },
  dropped: { text: "不发", tone: "neutral" },
  skipped: { text: "未发", tone: "neutral" },
} satisfies Vocabulary;

/** What a unit did with a step of the ladder. */
export const receiptStates = {
  open: { text: "未阅", tone: "warning" },
  read: { text: "已阅", tone: "info" },
  signed: { text: "已签收", tone: "plain" },
  gone: { text: "收件人已调离", tone: "danger" },
  none: { text: "不需签收", tone: "neutral" },
} satisfies Vocabulary;

/** The leading group decides about a proposal, others sign a letter. */
export const decides = ({ signer }: Reminder) => signer === "LG";

/** Whose signature a letter waits for. */
export function signerWords({ allowed, signer }: Reminder): string {
  return allowed.includes("sign") ? "待本人签发" : `待${roleNames[signer as Role]}签发`;
}

/** The letters that wait for a signature in this office; a person may sign those that allow it. */
export function lettersQuery(office: string) {
  return queryOptions({
    queryKey: [...remindersKey, office, "waiting"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/reminders/waiting", { signal, params: { path: { office } } }))).items,
  });
}

/** The letters that others signed and this person gets for information. */
export function copiesQuery(office: string) {
  return queryOptions({
    queryKey: [...remindersKey, office, "copies"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/copies", { signal, params: { path: { office } } }))).items,
  });
}

/** One letter's text. */
export function letterQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...remindersKey, office, "letter", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/reminders/{id}/letter", { signal, params: { path: { office, id } } })),
  });
}

/** What this office urges offices below to, and is urged to from above: one page. */
export function listUrgings(office: string, ask: Ask, signal: AbortSignal) {
  const query = { cursor: ask.cursor || undefined, limit: ask.limit };
  return answer(api.GET("/v1/offices/{office}/urgings", { signal, params: { path: { office }, query } }));
}

/** One of them, with its text. */
export function urgingQuery(office: string, id: string) {
  return queryOptions({
    queryKey: [...remindersKey, office, "urging", id],
    queryFn: ({ signal }) =>
      answer(api.GET("/v1/offices/{office}/urgings/{id}", { signal, params: { path: { office, id } } })),
  });
}

/** The ladder of one item: what was sent and what comes when. */
export function chainQuery(office: string, below: string | undefined, id: string) {
  return queryOptions({
    queryKey: ["items", office, below, "chain", id],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/items/{id}/reminders", {
          signal,
          params: { path: { office, id }, query: { below } },
        }),
      ),
  });
}
