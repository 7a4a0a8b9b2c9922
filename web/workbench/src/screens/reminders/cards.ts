import { answer, api, formatDay, formatWan, Problem, type Role, roleNames } from "@/parts";
import { type Card, type CardKind, firstSentence } from "../cards/registry";
import type { Task } from "../todo/data";
import type { Reminder } from "./data";

/** Letters of the ladder that wait for a signature, or for the leading group's decision. */
export const cards: readonly CardKind[] = [{ kind: "reminder", verbs: ["签发", "审批"], load }];

async function load(office: string, task: Task, signal: AbortSignal): Promise<Card[]> {
  const params = { path: { office } };
  const { items } = await answer(api.GET("/v1/offices/{office}/reminders/waiting", { signal, params }));
  const letters = items.filter((letter) => letter.allowed.includes("sign"));
  const first = letters.find(({ id }) => id === task.id);
  // A task without a number stands for all letters of its kind.
  const mine = letters.filter((letter) => (task.number === "" ? letter.title === first?.title : letter.id === task.id));
  return Promise.all(mine.map((letter) => cardOf(office, letter, signal)));
}

async function cardOf(office: string, letter: Reminder, signal: AbortSignal): Promise<Card> {
  const item = await answer(
    api.GET("/v1/offices/{office}/items/{id}", { signal, params: { path: { office, id: letter.finding } } }),
  );
  const late = item.days_left !== null && item.days_left < 0 ? `，逾期 ${-item.days_left} 天` : "";
  const decision = letter.document === "" || letter.signer === "LG";
  return {
    key: letter.id,
    paper: letter.title,
    title: `${letter.item} ${letter.unit_name}`,
    summary: firstSentence(item.text),
    facts: [
      ["整改期限", `${formatDay(letter.due_on)}${late}`],
      ["最新进展", item.progress],
      ["涉及金额", formatWan(item.amount_fen)],
      ["送达对象", letter.recipients.map((role) => roleNames[role as Role]).join("、")],
      ...(letter.note ? [["说明", letter.note] as const] : []),
    ],
    agreed: [],
    full: `/w/${office}/reminders?open=${letter.id}`,
    consequence: decision ? "同意后由巡察办办理，不能撤回" : "签发后立即送达责任单位，不能撤回",
    agree: {
      label: "同意",
      done: decision ? "已同意" : "已签发",
      run: async (key) => {
        const { items } = await answer(
          api.POST("/v1/offices/{office}/reminders/sign", {
            params: { path: { office } },
            headers: { "Idempotency-Key": key },
            body: { letters: [{ id: letter.id, wording: letter.wording }] },
          }),
        );
        const reason = items[0]?.reason;
        if (reason) throw new Problem(409, "not-signed", reason);
      },
    },
    refuse: {
      label: decision ? "退回" : "不发",
      done: decision ? "已退回" : "已决定不发",
      phrases: ["已当面督促，暂不发文", "单位已提交材料", "请核实进展后再报"],
      limit: 200,
      run: (reason, key) =>
        answer(
          api.POST("/v1/offices/{office}/reminders/{id}/drop", {
            params: { path: { office, id: letter.id } },
            headers: { "Idempotency-Key": key },
            body: { reason },
          }),
        ),
    },
  };
}
