import { answer, api, type BulkOutcome, formatDay, newKey } from "@/parts";
import { type Reminder, signerWords } from "./data";

/** Whether the person at work signs this letter. */
export const signable = ({ allowed }: Reminder) => allowed.includes("sign");

/**
 * Signs letters in one request. A letter whose item was handed in or given a new deadline meanwhile is not sent, and says
 * so. Neither is a letter that another person signs.
 */
export async function signAll(office: string, chosen: readonly Reminder[]): Promise<BulkOutcome> {
  const letters = chosen.filter(signable);
  const others = chosen.filter((letter) => !signable(letter));
  const skipped = others.map((letter) => ({ key: letter.id, name: letter.item, reason: signerWords(letter) }));
  if (letters.length === 0) return { done: 0, failed: skipped };
  const { items } = await answer(
    api.POST("/v1/offices/{office}/reminders/sign", {
      params: { path: { office } },
      headers: { "Idempotency-Key": newKey() },
      body: { letters: letters.map(({ id, wording }) => ({ id, wording })) },
    }),
  );
  const nameOf = (id: string) => letters.find((letter) => letter.id === id)?.item ?? formatDay(null);
  const failed = items.filter(({ reason }) => reason !== "");
  return {
    done: items.length - failed.length,
    failed: [...failed.map(({ id, reason }) => ({ key: id, name: nameOf(id), reason })), ...skipped],
  };
}
