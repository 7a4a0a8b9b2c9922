import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  formatInstant,
  Notice,
  newKey,
  Page,
  Panel,
  ProblemNotice,
  say,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { type Reminder, remindersKey } from "./data";
import { LetterCard } from "./LetterCard";

/** One letter, as its recipient reads and signs for it; a signer finds it in the list of letters. */
export default function Letter(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const receives = useRole("UNIT", "HEAD");
  if (!receives) return <Navigate to={`/w/${office}/reminders` as string} search={{ open: id } as never} replace />;
  return <Received id={id} />;
}

function Received({ id }: { id: string }): ReactNode {
  const { office, name } = useSession();
  const [signed, setSigned] = useState<Reminder | null>(null);
  const acknowledge = (sign: boolean, key: string) =>
    answer(
      api.POST("/v1/offices/{office}/reminders/{id}/receipt", {
        params: { path: { office, id } },
        headers: { "Idempotency-Key": key },
        body: { sign },
      }),
    );
  // Opening a letter is reading it; the office sees when.
  const read = useQuery({
    queryKey: [...remindersKey, office, id],
    queryFn: () => acknowledge(false, newKey()),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const write = useWrite({
    run: (_: undefined, key) => acknowledge(true, key),
    refresh: [["tasks"]],
    onDone: (letter) => {
      setSigned(letter);
      say(`已签收：${letter.title} ${letter.number}`);
    },
  });
  const letter = signed ?? read.data;
  const mine = letter?.receipts.find((receipt) => receipt.name === name && receipt.signed_at);
  return (
    <Page
      title={letter ? `${letter.title} ${letter.number}` : "催办"}
      crumb={letter?.number || letter?.title}
      width="reading"
      actions={
        letter &&
        !mine && (
          <Button type="primary" loading={write.pending} onClick={() => write.send(undefined)}>
            签收
          </Button>
        )
      }
    >
      {read.error && <ProblemNotice problem={read.error} retry={() => void read.refetch()} />}
      <WriteProblem problem={write.problem} />
      {mine && <Notice tone="success">已于 {formatInstant(mine.signed_at)} 签收</Notice>}
      {letter && (
        <Panel>
          <LetterCard letter={letter} />
        </Panel>
      )}
    </Page>
  );
}
