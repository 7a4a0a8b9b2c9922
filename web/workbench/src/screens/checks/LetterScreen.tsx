import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Deadline,
  Facts,
  Instant,
  Lines,
  Missing,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  say,
  TakeOut,
  useKeys,
  useLocalDraft,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { Paper } from "../reminders/Paper";
import { checksKey, exportLetter, type Letter, letterQuery } from "./data";
import "../reminders/reminders.css";

/** 督办单: what the director asks after a visit, as it was sent, and the unit's answer. */
export default function LetterScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data: letter, error, refetch } = useQuery(letterQuery(office, id));
  return (
    <Page
      title={letter ? `督办单 ${letter.text.number}` : "督办单"}
      crumb={letter?.text.number}
      width="reading"
      note={letter && `${letter.text.item} ${letter.unit_name}`}
      actions={
        letter && (
          <>
            <Button href={`/w/${office}/ledger/${letter.finding}`}>查看事项</Button>
            <TakeOut take={() => exportLetter(office, id)} />
          </>
        )
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {letter && (
        <>
          {!letter.intact && (
            <Notice tone="danger">正文与发出时的摘要不一致，请勿使用，联系单位管理员核对日志。</Notice>
          )}
          <Panel title="单位回复">
            {letter.answered_at && (
              <Facts
                facts={[
                  ["回复时间", <Instant key="at" at={letter.answered_at} />],
                  ["回复人", letter.answered_by],
                  ["落实情况", <Lines key="text" text={letter.answer} />, "wide"],
                ]}
              />
            )}
            {letter.may_answer && <Answer letter={letter} />}
            {!letter.answered_at && !letter.may_answer && (
              <p>
                尚未回复，期限 <Deadline due={letter.text.answer_on} />
              </p>
            )}
          </Panel>
          <Panel>
            <Paper text={letter.text} />
          </Panel>
        </>
      )}
    </Page>
  );
}

function Answer({ letter }: { letter: Letter }): ReactNode {
  const { office } = useSession();
  const local = useLocalDraft<string>(`check-letter:${letter.visit}`);
  const [text, setText] = useState(local.draft?.value ?? "");
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/visits/{id}/letter/answer", {
          params: { path: { office, id: letter.visit } },
          headers: { "Idempotency-Key": key },
          body: { text },
        }),
      ),
    refresh: [checksKey, ["tasks"]],
    onDone: () => {
      local.drop();
      say(`已回复：${letter.text.number}`);
    },
  });
  const empty = text.trim() === "";
  useKeys({ "Ctrl+Enter": () => (empty || write.pending ? undefined : write.send(undefined)) });
  return (
    <div className="x-form-column">
      <WriteProblem problem={write.problem} retry={() => write.send(undefined)} />
      <label htmlFor="check-answer">
        落实情况
        <Input.TextArea
          id="check-answer"
          autoSize={{ minRows: 3, maxRows: 12 }}
          maxLength={2000}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            local.keep(event.target.value);
          }}
        />
      </label>
      <div className="x-form-actions">
        <Button type="primary" disabled={empty} loading={write.pending} onClick={() => write.send(undefined)}>
          回复督办单
        </Button>
      </div>
      <Missing what={[empty && "落实情况"]} />
      <p className="x-hint">回复后不能修改，巡察办即可看到。</p>
    </div>
  );
}
