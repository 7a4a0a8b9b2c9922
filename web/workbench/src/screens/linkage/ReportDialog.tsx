import { Input, InputNumber, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  Notice,
  parseMoney,
  say,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { type NoticeView, type Row, refreshed } from "./data";

interface Figures {
  checked: number | null;
  found: number | null;
  corrected: number | null;
  rules: number | null;
}

const figures: readonly (readonly [key: keyof Figures, title: string])[] = [
  ["checked", "检查数"],
  ["found", "自查发现（个）"],
  ["corrected", "立行立改（个）"],
  ["rules", "建章立制（项）"],
];

/** 自查报告: figures, answers to the questions, and a text. What the own recipients reported is proposed, never sent by itself. */
export function ReportDialog({
  part,
  questions,
  suggested,
  paper,
  onClose,
}: {
  part: Row;
  questions: readonly string[];
  suggested?: NoticeView["suggested"];
  paper?: boolean;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const again = part.reported_at !== null;
  const [numbers, setNumbers] = useState<Figures>({
    checked: again ? part.checked : (suggested?.reported ?? null),
    found: again ? part.found : (suggested?.found ?? null),
    corrected: again ? part.corrected : (suggested?.corrected ?? null),
    rules: again ? part.rules : 0,
  });
  const [money, setMoney] = useState(again && part.money_fen > 0 ? String(part.money_fen / 100) : "");
  const [text, setText] = useState(part.report);
  const [answers, setAnswers] = useState<readonly string[]>(questions.map((_, i) => part.answers[i] ?? ""));
  const [by, setBy] = useState("");
  const fen = money.trim() === "" ? 0 : parseMoney(money);
  const missing = [
    ...figures.map(([key, title]) => key !== "rules" && numbers[key] === null && title),
    fen === null && "正确的金额",
    paper === true && by.trim() === "" && "报送人",
  ];

  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/deliveries/{id}/report", {
          params: { path: { office, id: part.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: {
            checked: numbers.checked ?? 0,
            found: numbers.found ?? 0,
            corrected: numbers.corrected ?? 0,
            rules: numbers.rules ?? 0,
            money_fen: fen ?? 0,
            text,
            answers: [...answers],
            on_paper: paper,
            signed_by: by || undefined,
          },
        }),
      ),
    refresh: refreshed,
    onDone: () => {
      say(paper ? `已录入自查报告：${part.recipient}` : "已报送自查报告");
      onClose();
    },
  });
  return (
    <Modal
      open
      width={720}
      title={paper ? `录入纸质自查报告：${part.recipient}` : "报送自查报告"}
      okText={paper ? "录入报告" : "报送报告"}
      cancelText={paper ? "暂不录入" : "暂不报送"}
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(part.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      {suggested && !again && (
        <Notice tone="neutral">
          已按下级报送的情况填入：{suggested.reported}/{suggested.sent} 个单位已报，自查发现 {suggested.found}{" "}
          个，立行立改 {suggested.corrected} 个。请核对后报送。
        </Notice>
      )}
      <div className="x-stack">
        <div className="x-fields">
          {figures.map(([key, title]) => (
            <label key={key} htmlFor={`figure-${key}`}>
              {title}
              <InputNumber
                id={`figure-${key}`}
                min={0}
                max={100000}
                precision={0}
                value={numbers[key]}
                onChange={(value) => setNumbers({ ...numbers, [key]: value })}
              />
            </label>
          ))}
          <label htmlFor="money">
            涉及金额（元）
            <Input
              id="money"
              value={money}
              status={fen === null ? "error" : undefined}
              placeholder="没有则不填"
              onChange={(event) => setMoney(event.target.value)}
            />
          </label>
          {paper && (
            <label htmlFor="paper-by">
              报告签字人
              <Input id="paper-by" maxLength={60} value={by} onChange={(event) => setBy(event.target.value)} />
            </label>
          )}
        </div>
        {numbers.found === 0 && (
          <Notice tone="warning">自查发现为 0 的是零报告，须由主要负责人本人报送并再次验证身份。</Notice>
        )}
        {questions.map((question, i) => (
          <label key={question} htmlFor={`answer-${i}`}>
            {i + 1}. {question}
            <Input.TextArea
              id={`answer-${i}`}
              autoSize={{ minRows: 1, maxRows: 6 }}
              maxLength={1000}
              value={answers[i]}
              onChange={(event) => setAnswers(answers.map((each, j) => (i === j ? event.target.value : each)))}
            />
          </label>
        ))}
        <label htmlFor="report-text">
          情况说明
          <Input.TextArea
            id="report-text"
            autoSize={{ minRows: 3, maxRows: 12 }}
            maxLength={5000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      </div>
    </Modal>
  );
}
