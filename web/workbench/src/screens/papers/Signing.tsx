import type { ReactNode } from "react";
import { CheckAnswers, type CheckedAnswer, say, useWrite, WriteProblem } from "@/parts";
import { type Paper, shortDigest } from "./data";

/** The page before a signature: everything once more, the promise, one action. */
export function Signing({
  paper,
  promise,
  answers,
  consequence,
  done,
  send,
  refresh,
  onBack,
}: {
  paper: Paper;
  promise: string;
  /** What the paper says, in short. */
  answers: readonly CheckedAnswer[];
  consequence: string;
  /** 「已签字，送分管领导签字」 */
  done: string;
  send: (version: number, key: string) => Promise<unknown>;
  refresh: readonly (readonly string[])[];
  onBack: () => void;
}): ReactNode {
  const write = useWrite({
    run: send,
    refresh: [...refresh, ["tasks"]],
    onDone: () => {
      say(done);
      onBack();
    },
  });
  return (
    <CheckAnswers
      answers={[
        ...answers,
        ...(paper.head ? [{ label: "主要负责人", value: paper.head }] : []),
        { label: "内容校验码", value: <span className="x-code">{shortDigest(paper.digest)}</span> },
        { label: "承诺", value: promise },
      ]}
      consequence={consequence}
      action="签字"
      backText="先看全文"
      onBack={onBack}
      onConfirm={() => write.send(paper.version)}
      pending={write.pending}
      problem={<WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />}
    />
  );
}
