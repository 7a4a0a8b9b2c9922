import { queryOptions } from "@tanstack/react-query";
import { answer, api, type components, type Role, roleNames, type Vocabulary } from "@/parts";

export type Reminder = components["schemas"]["RectificationReminder"];
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

/** Whose signature a letter waits for. */
export function signerWords({ allowed, signer }: Reminder): string {
  return allowed.includes("sign") ? "由您签发" : `待${roleNames[signer as Role]}签发`;
}

/** The letters that wait for a signature in this office; a person may sign those that allow it. */
export function lettersQuery(office: string) {
  return queryOptions({
    queryKey: [...remindersKey, office, "waiting"],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/v1/offices/{office}/reminders/waiting", { signal, params: { path: { office } } }))).items,
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
