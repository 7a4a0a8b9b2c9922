import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { Facts, Missing, type Problem, today, useWrite, WriteProblem } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { Withdrawn } from "./Cards";
import type { Card, GrantedDay, Refusal } from "./registry";

/** What somebody decides: yes with a day where one is granted, or no with words. */
type Decided = { yes: true; day: string } | { yes: false; words: string };

/** One card: everything that is known about it, and below it two buttons that a thumb finds. */
export function CardView({
  card,
  onDone,
  onNext,
  onAnew,
}: {
  card: Card;
  onDone: (words: string) => void;
  onNext: () => void;
  /** Reads the card again: somebody changed it. */
  onAnew: () => void;
}): ReactNode {
  const [refusing, setRefusing] = useState(false);
  const { agree } = card;
  const [day, setDay] = useState(agree.day?.asked ?? "");
  const noDay = agree.day !== undefined && day === "";
  const write = useWrite({
    run: (decided: Decided, key) =>
      decided.yes ? agree.run(key, decided.day) : (card.refuse?.run(decided.words, key) ?? Promise.resolve()),
    refresh: [],
    onDone: (_, { yes }) => onDone(`${yes ? agree.done : card.refuse?.done}：${card.title}`),
  });
  const sayYes = () => write.send({ yes: true, day });
  if (isGone(write.problem)) return <Withdrawn title={card.title} detail={write.problem?.message} onNext={onNext} />;
  return (
    <article className="x-approval" aria-label={card.title}>
      <p className="x-hint">{card.paper}</p>
      <h2>{card.title}</h2>
      <p className="x-approval-summary">{card.summary}</p>
      <Facts facts={card.facts.map(([label, value]) => [label, value])} />
      <section aria-label="已同意">
        <h3 className="x-part-title">谁已同意</h3>
        {card.agreed.length === 0 ? (
          <p className="x-hint">还没有其他人的意见</p>
        ) : (
          <ul>
            {card.agreed.map((who) => (
              <li key={who}>{who}</li>
            ))}
          </ul>
        )}
      </section>
      <p>
        <a href={card.full}>查看全文</a>
      </p>
      <WriteProblem
        problem={write.problem}
        onTheirs={() => {
          write.clear();
          onAnew();
        }}
        retry={sayYes}
      />
      <div className="x-approval-foot">
        {refusing && card.refuse ? (
          <Refusing
            refusal={card.refuse}
            pending={write.pending}
            onSend={(words) => write.send({ yes: false, words })}
            onBack={() => setRefusing(false)}
          />
        ) : (
          <>
            <p className="x-hint">{card.consequence}</p>
            {agree.day && <DayField of={agree.day} day={day} onChange={setDay} />}
            <div className="x-approval-buttons">
              {card.refuse && (
                <Button disabled={write.pending} onClick={() => setRefusing(true)}>
                  {card.refuse.label}
                </Button>
              )}
              <Button type="primary" loading={write.pending} disabled={noDay} onClick={sayYes}>
                {agree.label}
              </Button>
            </div>
          </>
        )}
      </div>
    </article>
  );
}

function DayField({ of, day, onChange }: { of: GrantedDay; day: string; onChange: (day: string) => void }): ReactNode {
  return (
    <label htmlFor="granted-day" className="x-approval-day">
      {of.label}（可以早于申请）
      <DayPicker
        id="granted-day"
        value={day}
        min={today()}
        max={of.asked}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
      {day === "" && <Missing what={[of.label]} />}
    </label>
  );
}

function Refusing({
  refusal,
  pending,
  onSend,
  onBack,
}: {
  refusal: Refusal;
  pending: boolean;
  onSend: (words: string) => void;
  onBack: () => void;
}): ReactNode {
  const [words, setWords] = useState("");
  return (
    <>
      <div className="x-approval-phrases">
        {refusal.phrases.map((phrase) => (
          <Button key={phrase} onClick={() => setWords(words.trim() === "" ? phrase : `${words.trim()}；${phrase}`)}>
            {phrase}
          </Button>
        ))}
      </div>
      <label htmlFor="refusal">
        {refusal.label}的理由
        <Input.TextArea
          id="refusal"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={refusal.limit}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      <div className="x-approval-buttons">
        <Button disabled={pending} onClick={onBack}>
          暂不{refusal.label}
        </Button>
        <Button
          type="primary"
          danger
          loading={pending}
          disabled={words.trim() === ""}
          onClick={() => onSend(words.trim())}
        >
          {refusal.label}
        </Button>
      </div>
      <Missing what={[words.trim() === "" && "理由"]} />
    </>
  );
}

// Withdrawn, or decided by another: the service no longer knows it, or it is not in a state to be decided.
function isGone(problem: Problem | null): boolean {
  return problem?.status === 404 || problem?.status === 409;
}
