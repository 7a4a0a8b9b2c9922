import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, Problem, say, useSession, useWrite, WriteProblem } from "@/parts";
import { decides, letterQuery, type Reminder, remindersKey } from "./data";

/**
 * One letter's signature, on a phone too: everything about the letter is above the button. What is signed is the wording
 * that stands there; one that was changed meanwhile is shown first.
 */
export function SignLetter({ letter }: { letter: Reminder }): ReactNode {
  const { office } = useSession();
  const decision = decides(letter);
  const [words, setWords] = useState("");
  const queries = useQueryClient();
  const shown = useQuery({ ...letterQuery(office, letter.id), enabled: letter.document !== "" }).data;
  const wording = shown?.version ?? letter.wording;
  const write = useWrite({
    run: async ({ id, wording, said }: { id: string; wording: number; said: string }, key) => {
      const { items } = await answer(
        api.POST("/v1/offices/{office}/reminders/sign", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: { letters: [{ id, wording }], words: said || undefined },
        }),
      );
      const reason = items[0]?.reason;
      if (reason) throw new Problem(409, "not-signed", `未签发：${reason}`);
    },
    refresh: [remindersKey, ["tasks"]],
    onProblem: () => void queries.invalidateQueries({ queryKey: remindersKey }),
    onDone: () => say(`${decision ? "已同意" : "已签发"}：${letter.title} ${letter.item}`),
  });
  return (
    <>
      <WriteProblem problem={write.problem} />
      <p className="x-hint">{decision ? "同意后编发文号，不能撤回" : "签发后立即送达责任单位，不能撤回"}</p>
      {decision && (
        <Input
          className="x-letter-opinion"
          aria-label="批示意见"
          placeholder="批示意见（可不填）"
          maxLength={200}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <Button
        type="primary"
        loading={write.pending}
        onClick={() => write.send({ id: letter.id, wording, said: words.trim() })}
      >
        {decision ? "同意提请" : "签发文书"}
      </Button>
    </>
  );
}
