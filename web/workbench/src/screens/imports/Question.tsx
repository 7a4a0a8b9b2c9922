import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { parseMoney, ReadyButton } from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import type { Answering, Asked } from "./data";

type Save = (what: Partial<Answering>) => Promise<boolean>;

/** One thing the reading could not decide: the cell, what it says, and the answer. */
export function Question({ asked, save }: { asked: Asked; save: Save }): ReactNode {
  const given = asked.answer as Asked["answer"] | null;
  const [changing, setChanging] = useState(false);
  const say = (value: string, review_on?: string) => {
    setChanging(false);
    void save({ answers: [{ question: asked.id, value, review_on }] });
  };
  return (
    <div className={given ? "x-question" : "x-question x-question-open"}>
      <p>
        <span className="x-code x-hint">
          {asked.sheet}!{asked.cell}
          {asked.to ? `–${asked.to} 行合并为一格，确认一次即可` : ""}
        </span>{" "}
        {asked.detail}
        {asked.text && <span className="x-question-text">原文：{asked.text}</span>}
      </p>
      {given && !changing ? (
        <p>
          已确认：<strong>{answerWords(asked, given.value)}</strong>
          {given.review_on && `，${given.review_on} 复核`}
          <button type="button" className="x-plain-button" onClick={() => setChanging(true)}>
            修改
          </button>
        </p>
      ) : (
        <AnswerField asked={asked} say={say} />
      )}
    </div>
  );
}

function AnswerField({ asked, say }: { asked: Asked; say: (value: string, reviewOn?: string) => void }): ReactNode {
  const likely = (asked.choices ?? []).map(({ value, label }) => (
    <Button key={value} size="small" onClick={() => say(value)}>
      {label}
    </Button>
  ));
  switch (asked.expects) {
    case "day":
      return (
        <div className="x-question-ways">
          {likely}
          <DayPicker label="确认日期" onChange={(day) => day && say(day)} />
          {!asked.choices?.some(({ value }) => value === "long-term") && (
            <Button size="small" onClick={() => say("long-term")}>
              按长期整改导入
            </Button>
          )}
        </div>
      );
    case "fen":
      return (
        <div className="x-question-ways">
          {likely}
          <MoneyField say={say} />
          <Button size="small" onClick={() => say("none")}>
            不填金额
          </Button>
        </div>
      );
    case "keep":
      return (
        <div className="x-question-ways">
          <Button size="small" onClick={() => say("keep")}>
            都导入
          </Button>
          <Button size="small" onClick={() => say("skip")}>
            跳过本条
          </Button>
        </div>
      );
    case "check":
      return (
        <div className="x-question-ways">
          <Button size="small" onClick={() => say("ok")}>
            已核对
          </Button>
        </div>
      );
    default:
      return <TextField first={asked.text} say={say} />;
  }
}

function MoneyField({ say }: { say: (value: string) => void }): ReactNode {
  const [text, setText] = useState("");
  const fen = parseMoney(text);
  const send = () => fen !== null && fen >= 0 && say(String(fen));
  return (
    <span className="x-question-ways">
      <Input
        aria-label="金额"
        placeholder="12345.60 或 1.23万元"
        value={text}
        status={text !== "" && fen === null ? "error" : undefined}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={send}
      />
      <ReadyButton size="small" what={[fen === null && "正确的金额"]} onClick={send}>
        确认金额
      </ReadyButton>
    </span>
  );
}

function TextField({ first, say }: { first: string; say: (value: string) => void }): ReactNode {
  const [text, setText] = useState(first);
  return (
    <div className="x-question-ways">
      <Input.TextArea
        aria-label="填写内容"
        autoSize
        maxLength={5000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button size="small" onClick={() => say(text)}>
        确认内容
      </Button>
    </div>
  );
}

function answerWords(asked: Asked, value: string): string {
  const choice = asked.choices?.find((each) => each.value === value);
  if (choice) return choice.label;
  const words: Readonly<Record<string, string>> = {
    "long-term": "按长期整改导入",
    none: "不填",
    keep: "都导入",
    skip: "跳过本条",
    ok: "已核对",
  };
  if (asked.expects === "fen" && /^\d+$/.test(value)) return `${(Number(value) / 100).toFixed(2)} 元`;
  return words[value] ?? (value || "空");
}
