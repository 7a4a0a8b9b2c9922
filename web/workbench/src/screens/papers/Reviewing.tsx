import { Checkbox, Input, Modal, Radio } from "antd";
import { type ReactNode, useState } from "react";
import {
  Instant,
  optionsOf,
  StatusTag,
  say,
  untilComplete,
  useWrite,
  verdictReasons,
  verdicts,
  WriteProblem,
  wordOf,
} from "@/parts";
import { partyNames } from "../rectification/words";
import type { Opinion, Paper, Reason, Verdict } from "./data";

/** The opinions that the person may see. */
export function Opinions({ opinions }: { opinions: readonly Opinion[] }): ReactNode {
  return (
    <ul className="x-papers-opinions">
      {opinions.map((each) => (
        <li key={each.party}>
          <strong>{partyNames[each.party]}</strong> <StatusTag words={verdicts} state={each.verdict} />
          {each.reasons.length > 0 && <p>{reasonWords(each.reasons)}</p>}
          {each.note && <p>{each.note}</p>}
          <span className="x-hint x-papers-by">
            {each.by} <Instant at={each.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** 「原因分析不深、其他」 */
export function reasonWords(reasons: readonly Reason[]): string {
  return reasons.map((reason) => wordOf(verdictReasons, reason)).join("、");
}

/** What a party sends. */
export interface Giving {
  verdict: Verdict;
  reasons: Reason[];
  note: string;
  digest: string;
}

/** One party's opinion. The others see it when all are in. */
export function OpinionDialog({
  paper,
  called,
  reasoned = false,
  send,
  refresh,
  onClose,
}: {
  paper: Paper;
  /** 「整改方案」 */
  called: string;
  /** Whether an opinion that does not agree names a reason. */
  reasoned?: boolean;
  send: (body: Giving, key: string) => Promise<unknown>;
  refresh: readonly (readonly string[])[];
  onClose: () => void;
}): ReactNode {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [note, setNote] = useState("");
  const write = useWrite({
    run: send,
    refresh: [...refresh, ["tasks"]],
    onDone: () => {
      say(`已提交审核意见：${paper.unit_name}`);
      onClose();
    },
  });
  const disagrees = verdict !== null && verdict !== "agree";
  const missing = [
    verdict === null && "审核结论",
    reasoned && disagrees && reasons.length === 0 && "理由（至少选一项）",
    disagrees && note.trim() === "" && "需要修改的内容",
  ];
  return (
    <Modal
      open
      title={`审核${called}：${paper.unit_name}`}
      okText="提交审核意见"
      cancelText="暂不提交"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() =>
        verdict && write.send({ verdict, reasons: disagrees && reasoned ? reasons : [], note, digest: paper.digest })
      }
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <div className="x-form-column">
        <Radio.Group
          aria-label="审核结论"
          value={verdict}
          onChange={(event) => setVerdict(event.target.value as Verdict)}
          options={optionsOf(verdicts)}
        />
        {reasoned && disagrees && <Reasons chosen={reasons} onChange={setReasons} />}
        <label htmlFor="paper-note">
          说明
          <Input.TextArea
            id="paper-note"
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
      </div>
      <p className="x-hint">提交后不能修改；各方提交后互相可见。</p>
    </Modal>
  );
}

function Reasons({ chosen, onChange }: { chosen: Reason[]; onChange: (reasons: Reason[]) => void }): ReactNode {
  return (
    <Checkbox.Group
      aria-label="理由"
      value={chosen}
      onChange={(reasons) => onChange(reasons as Reason[])}
      options={optionsOf(verdictReasons)}
    />
  );
}

/** How a review ends, or a paper goes back. */
export interface Decision {
  /** 「退回修改」: the dialog's heading and its button. */
  title: string;
  hint: string;
  /** What is written: 「退回意见」 */
  label: string;
  /** 「已退回」 */
  done: string;
  /** A return: it needs words, and begins with what the parties said. */
  back: boolean;
}

/** Ends a review, or sends a paper back instead of signing it. */
export function DecideDialog({
  paper,
  called,
  decision,
  reasoned = false,
  send,
  refresh,
  onClose,
}: {
  paper: Paper;
  called: string;
  decision: Decision;
  /** Whether a return names reasons. */
  reasoned?: boolean;
  send: (version: number, letter: string, reasons: Reason[], key: string) => Promise<unknown>;
  refresh: readonly (readonly string[])[];
  onClose: () => void;
}): ReactNode {
  const { title, hint, label, done, back } = decision;
  const [letter, setLetter] = useState(() => (back ? gathered(paper) : ""));
  const [reasons, setReasons] = useState<Reason[]>(() => [...new Set(paper.opinions.flatMap((each) => each.reasons))]);
  const write = useWrite({
    run: (version: number, key) => send(version, letter, back && reasoned ? reasons : [], key),
    refresh: [...refresh, ["tasks"]],
    onDone: () => {
      say(`${done}：${paper.unit_name}${called}`);
      onClose();
    },
  });
  const missing = [back && reasoned && reasons.length === 0 && "理由", back && letter.trim() === "" && label];
  return (
    <Modal
      open
      title={`${title}：${paper.unit_name}`}
      okText={title}
      cancelText={`暂不${title.slice(0, 2)}`}
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(paper.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <Opinions opinions={paper.opinions} />
      <div className="x-form-column">
        {back && reasoned && <Reasons chosen={reasons} onChange={setReasons} />}
        <label htmlFor="paper-letter">
          {label}
          <Input.TextArea
            id="paper-letter"
            autoSize={{ minRows: 3, maxRows: 12 }}
            maxLength={5000}
            value={letter}
            onChange={(event) => setLetter(event.target.value)}
          />
        </label>
      </div>
      <p className="x-hint">{hint}</p>
    </Modal>
  );
}

/** All parties' notes, to be edited into one letter. */
function gathered(paper: Paper): string {
  return paper.opinions
    .filter((each) => each.verdict !== "agree")
    .map((each, i) => `${i + 1}. ${each.note}`)
    .join("\n");
}
