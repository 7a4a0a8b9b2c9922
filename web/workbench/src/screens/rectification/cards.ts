import { answer, api, formatDay, formatWan, ifMatch, verdictReasons } from "@/parts";
import { type Card, type CardKind, firstSentence } from "../cards/registry";
import type { Task } from "../todo/data";
import type { ItemPage, Reason } from "./data";
import { partyNames } from "./words";

/** Joint reviews: an opinion of the leading group, and the director's decision when all opinions are in. */
export const cards: readonly CardKind[] = [
  { kind: "item", verbs: ["审核"], roles: ["LG", "DIR"], load },
  { kind: "item", verbs: ["汇总"], roles: ["DIR"], load },
];

async function load(office: string, { id }: Task, signal: AbortSignal): Promise<Card[]> {
  const item = await answer(api.GET("/v1/offices/{office}/items/{id}", { signal, params: { path: { office, id } } }));
  const card = about(office, item);
  if (item.allowed.includes("opinion")) return [{ ...card, ...opinion(office, item) }];
  if (item.allowed.includes("accept") || item.allowed.includes("return"))
    return [{ ...card, ...decision(office, item) }];
  return [];
}

function about(office: string, item: ItemPage): Omit<Card, "agree" | "consequence"> {
  const handed = item.submissions[0];
  return {
    key: `${item.id} ${item.submission}`,
    paper: "联合审核",
    title: `${item.number} ${item.unit_name}`,
    summary: firstSentence(item.text),
    facts: [
      ["单位说明", handed?.statement],
      ["涉及金额", formatWan(item.amount_fen)],
      ["已追回", formatWan(item.recovered_fen)],
      ["问责", `${item.people_dealt} 人`],
      ["建章立制", `新建 ${item.rules_made} 项，修订 ${item.rules_amended} 项`],
      ["举一反三", item.elsewhere],
      ["佐证", `${item.evidence} 份`],
      ["整改期限", formatDay(item.due_on)],
    ],
    agreed: (handed?.opinions ?? [])
      .filter(({ verdict }) => verdict === "agree")
      .map(({ party, by }) => `${partyNames[party]} ${by}`),
    full: `/w/${office}/review?open=${item.id}`,
  };
}

function opinion(office: string, item: ItemPage): Pick<Card, "agree" | "refuse" | "consequence"> {
  const give = (body: { verdict: "agree" | "refuse"; reasons: Reason[]; note: string }, key: string) =>
    answer(
      api.POST("/v1/offices/{office}/items/{id}/opinion", {
        params: { path: { office, id: item.id } },
        headers: { "Idempotency-Key": key },
        body: { submission: item.submission, ...body },
      }),
    );
  return {
    consequence: "意见提交后不能修改，各方意见齐后互相可见",
    agree: {
      label: "同意",
      done: "已提交审核意见",
      run: (key) => give({ verdict: "agree", reasons: [], note: "" }, key),
    },
    refuse: {
      label: "退回",
      done: "已提交审核意见",
      phrases: reasonWords.map(([, text]) => text),
      limit: 2000,
      run: (note, key) => give({ verdict: "refuse", reasons: reasonsIn(note), note }, key),
    },
  };
}

function decision(office: string, item: ItemPage): Pick<Card, "agree" | "consequence"> {
  const call = (key: string) => ({
    params: { path: { office, id: item.id } },
    headers: { ...ifMatch(item.version), "Idempotency-Key": key },
  });
  const draft = item.return_draft;
  if (item.allowed.includes("accept")) {
    return {
      consequence: "各方均已同意；同意后本问题销号",
      agree: {
        label: "同意销号",
        done: "已销号",
        run: (key) =>
          answer(api.POST("/v1/offices/{office}/items/{id}/accept", { ...call(key), body: { long_term: false } })),
      },
    };
  }
  return {
    consequence: `有不同意见，按汇总意见退回单位：${firstSentence(draft?.letter ?? "")}`,
    agree: {
      label: "退回单位",
      done: "已退回",
      run: (key) =>
        answer(
          api.POST("/v1/offices/{office}/items/{id}/return", {
            ...call(key),
            body: { reasons: draft?.reasons ?? [], letter: draft?.letter ?? "" },
          }),
        ),
    },
  };
}

const reasonWords = Object.entries(verdictReasons)
  .filter(([code]) => code !== "other")
  .map(([code, { text }]) => [code as Reason, text] as const);

// The reasons are those whose words were chosen; anything else is said in the note.
function reasonsIn(note: string): Reason[] {
  const found = reasonWords.filter(([, text]) => note.includes(text)).map(([code]) => code);
  return found.length > 0 ? found : ["other"];
}
