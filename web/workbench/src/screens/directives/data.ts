import { answer, api, type components, ifMatch, type Vocabulary } from "@/parts";

export type Directive = components["schemas"]["DirectivesDirective"];
export type Act = Exclude<Directive["allowed"][number], "assign">;

/** The query keys of this room; a change refreshes all of it, and the to-do list. */
export const directivesKey = ["directives"] as const;
export const refreshed = [directivesKey, ["tasks"]] as const;

/** 点人点事. */
export const directiveStates = {
  assigned: { text: "待答复", tone: "info" },
  answered: { text: "待审核", tone: "info" },
  closed: { text: "已办结", tone: "plain" },
  withdrawn: { text: "已撤回", tone: "neutral" },
} satisfies Vocabulary;

/** All tasks of the office, or of the unit: there are few, and the service gives them at once. */
export async function listDirectives(office: string, signal: AbortSignal) {
  const { items } = await answer(api.GET("/v1/offices/{office}/directives", { signal, params: { path: { office } } }));
  return items;
}

/** Answers, returns, closes or takes back. */
export function doDirective(office: string, { id }: Directive, act: Act, version: number, text: string, key: string) {
  const call = {
    params: { path: { office, directive: id } },
    headers: { ...ifMatch(version), "Idempotency-Key": key },
    body: { text },
  };
  const send = {
    answer: () => api.POST("/v1/offices/{office}/directives/{directive}/answer", call),
    return: () => api.POST("/v1/offices/{office}/directives/{directive}/return", call),
    close: () => api.POST("/v1/offices/{office}/directives/{directive}/close", call),
    withdraw: () => api.POST("/v1/offices/{office}/directives/{directive}/withdraw", call),
  }[act];
  return answer(send());
}
