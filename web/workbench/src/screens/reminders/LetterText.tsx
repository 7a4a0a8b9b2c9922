import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  Notice,
  ProblemNotice,
  ReadyButton,
  say,
  TakeOut,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { type Letter, letterQuery, remindersKey } from "./data";
import { Paper } from "./Paper";
import { ReceiverDialog } from "./ReceiverDialog";

/** A letter's page, with what its reader may do about the text: word what it asks for, name another recipient, take it out. */
export function LetterText({ id }: { id: string }): ReactNode {
  const { office } = useSession();
  const { data: letter, error, refetch } = useQuery(letterQuery(office, id));
  const [wording, setWording] = useState(false);
  const [naming, setNaming] = useState(false);
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!letter) return <p className="x-hint">正在加载…</p>;
  const gone = letter.reminder.gone;
  return (
    <section className="x-letter-whole" aria-label="文书正文">
      {gone && (
        <Notice tone="warning">
          收件人已调离，请更换签收人
          {letter.may_name.length > 0 ? (
            <Button size="small" onClick={() => setNaming(true)}>
              更换签收人
            </Button>
          ) : (
            "；该单位没有在岗人员，请联系单位管理员开通"
          )}
        </Notice>
      )}
      {letter.frozen && !letter.intact && (
        <Notice tone="danger">正文与签发时的摘要不一致，请勿使用，联系单位管理员核对日志。</Notice>
      )}
      {letter.reminder.state === "sent" && !letter.frozen && (
        <Notice tone="info">此件签发时系统尚未留存正文，以下按记录生成。</Notice>
      )}
      <Paper
        text={letter.text}
        ask={wording ? <Wording letter={letter} onClose={() => setWording(false)} /> : undefined}
      />
      {letter.text.words && <p className="x-letter-words">批示：{letter.text.words}</p>}
      <div className="x-letter-tools x-no-print">
        {letter.may_edit && !wording && <Button onClick={() => setWording(true)}>修改要求</Button>}
        <TakeOut
          take={() =>
            api.POST("/v1/offices/{office}/reminders/{id}/letter/export", {
              parseAs: "blob",
              params: { path: { office, id: letter.reminder.id } },
            })
          }
        />
        {letter.digest && <span className="x-hint">正文摘要 {letter.digest.slice(0, 16)}</span>}
      </div>
      {naming && <ReceiverDialog letter={letter} onClose={() => setNaming(false)} />}
    </section>
  );
}

// The signer words what the letter asks for; all else comes from the records.
function Wording({ letter, onClose }: { letter: Letter; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const [base] = useState(letter); // what the wording is written on, whatever is read meanwhile
  const [ask, setAsk] = useState(base.text.ask);
  const write = useWrite({
    run: (sent: { ask: string; version: number }) =>
      answer(
        api.PATCH("/v1/offices/{office}/reminders/{id}/letter", {
          params: { path: { office, id: letter.reminder.id } },
          headers: ifMatch(sent.version),
          body: { ask: sent.ask },
        }),
      ),
    refresh: [remindersKey],
    onDone: () => {
      say("要求已修改");
      onClose();
    },
  });
  return (
    <div className="x-paper-wording">
      <WriteProblem
        problem={write.problem}
        mine={{ ask }}
        theirs={(current) => ({ ask: (current as unknown as Letter).text.ask })}
        fields={[["ask", "要求"]]}
        onTheirs={(version) => write.send({ ask, version })}
      />
      <Input.TextArea
        aria-label="文书的要求"
        autoSize={{ minRows: 3, maxRows: 10 }}
        maxLength={500}
        showCount
        value={ask}
        onChange={(event) => setAsk(event.target.value)}
      />
      <div className="x-letter-tools">
        <Button onClick={onClose}>不修改</Button>
        <ReadyButton
          type="primary"
          loading={write.pending}
          what={[ask.trim() === "" && "要求"]}
          onClick={() => write.send({ ask, version: base.version })}
        >
          保存要求
        </ReadyButton>
      </div>
    </div>
  );
}
