import { Button } from "antd";
import type { ReactNode } from "react";
import { answer, api, Problem, say, useSession, useWrite, WriteProblem } from "@/parts";
import { type Reminder, remindersKey } from "./data";

/** One letter's signature, on a phone too: everything about the letter is above the button. */
export function SignLetter({ letter }: { letter: Reminder }): ReactNode {
  const { office } = useSession();
  const write = useWrite({
    run: async (id: string, key) => {
      const { items } = await answer(
        api.POST("/v1/offices/{office}/reminders/sign", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: { ids: [id] },
        }),
      );
      const reason = items[0]?.reason;
      if (reason) throw new Problem(409, "not-signed", `未签发：${reason}`);
    },
    refresh: [remindersKey, ["tasks"]],
    onDone: () => say(`已签发：${letter.title} ${letter.item}`),
  });
  return (
    <>
      <WriteProblem problem={write.problem} />
      <p className="x-hint">签发后立即送达责任单位，不能撤回</p>
      <Button type="primary" loading={write.pending} onClick={() => write.send(letter.id)}>
        签发文书
      </Button>
    </>
  );
}
