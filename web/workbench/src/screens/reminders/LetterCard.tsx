import { Button } from "antd";
import type { ReactNode } from "react";
import { Day, Deadline, Facts, Instant, NO_DATA, type Role, roleNames, Standing, StatusTag, useSession } from "@/parts";
import { decides, type Reminder, reminderStates, signerWords } from "./data";
import { LetterText } from "./LetterText";
import { SignLetter } from "./SignLetter";
import "./reminders.css";

/** One letter: its page, about what, from which rung, who received it when. */
export function LetterCard({ letter, onDrop }: { letter: Reminder; onDrop?: () => void }): ReactNode {
  const { office } = useSession();
  return (
    <>
      {letter.document && <LetterText id={letter.id} />}
      <Facts
        facts={[
          ["文书", letter.title],
          ["文号", letter.number || NO_DATA],
          [
            "整改事项",
            <a key="item" href={`/w/${office}/ledger/${letter.finding}?tab=reminders`}>
              {letter.item}
            </a>,
          ],
          ["责任单位", letter.unit_name],
          [
            "整改期限",
            <span key="due">
              <Deadline due={letter.due_on} /> <Standing due={letter.due_on} />
            </span>,
          ],
          ["状态", <StatusTag key="state" words={reminderStates} state={letter.state} />],
          ["发出", <Instant key="sent" at={letter.sent_at} />],
          ["签发人", letter.state === "waiting" ? signerWords(letter) : letter.decided_by],
          [
            "送达对象",
            [...letter.recipients.map((role) => roleNames[role as Role]), letter.receiver].filter(Boolean).join("、"),
          ],
          ["说明", letter.note || (letter.late ? "补发" : "")],
        ]}
      />
      <Receipts letter={letter} />
      {letter.talked && <Talked talk={letter.talked} />}
      {onDrop && letter.allowed.length > 0 && (
        <div className="x-letter-actions">
          {letter.allowed.includes("drop") && <Button onClick={onDrop}>{decides(letter) ? "退回" : "不发此件"}</Button>}
          {letter.allowed.includes("sign") && <SignLetter letter={letter} />}
        </div>
      )}
    </>
  );
}

function Receipts({ letter }: { letter: Reminder }): ReactNode {
  if (letter.receipts.length === 0) return null;
  return (
    <ul className="x-letter-receipts">
      {letter.receipts.map((receipt) => (
        <li key={receipt.name + receipt.read_at}>
          {receipt.name}（{roleNames[receipt.role as Role]}）<Instant at={receipt.read_at} /> 已阅
          {receipt.signed_at && (
            <>
              ，<Instant at={receipt.signed_at} /> 签收
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The record of a talk. */
export function Talked({ talk }: { talk: NonNullable<Reminder["talked"]> }): ReactNode {
  return (
    <>
      <h3>约谈记录</h3>
      <Facts
        facts={[
          ["约谈日期", <Day key="day" day={talk.held_on} />],
          ["约谈人", talk.talker],
          ["被约谈人", talk.talked_to],
          ["登记", talk.entered_by],
          ["谈话情况", talk.summary, "wide"],
          ["约谈结果", talk.result, "wide"],
        ]}
      />
    </>
  );
}
