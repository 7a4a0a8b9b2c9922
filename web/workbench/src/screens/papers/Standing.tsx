import type { ReactNode } from "react";
import { Day, Deadline, Facts, Instant, NO_DATA, Panel } from "@/parts";
import { partyNames } from "../rectification/words";
import { type Paper, shortDigest } from "./data";
import { Opinions } from "./Reviewing";
import "./papers.css";

/** Who stands under a paper: one box for each signature, and the sentence they stand under. */
export function Signatures({
  paper,
  promise,
  leader = true,
}: {
  paper: Paper;
  promise: string;
  /** Whether the leader in charge signs, too (双签字). */
  leader?: boolean;
}): ReactNode {
  return (
    <Panel title={leader ? "双签字" : "签字"}>
      <p className="x-papers-promise">「{promise}」</p>
      <div className="x-papers-signatures">
        <Signature title="单位主要负责人" name={paper.head} at={paper.head_at} />
        {leader && <Signature title="分管领导" name={paper.leader} at={paper.leader_at} />}
      </div>
      {paper.head_at && (
        <p className="x-hint">
          内容校验码 <span className="x-code">{shortDigest(paper.digest)}</span>
        </p>
      )}
    </Panel>
  );
}

function Signature({ title, name, at }: { title: string; name: string; at: string | null }): ReactNode {
  return (
    <div className="x-papers-signature">
      <span className="x-hint">{title}</span>
      <strong>{name || "未签字"}</strong>
      {name && <Instant at={at} />}
    </div>
  );
}

/** Who reviews a paper, how far that is, and what they say as far as the person may see it. Nothing before it begins. */
export function Review({
  paper,
  title,
  running,
  passed,
}: {
  paper: Paper;
  title: string;
  running: boolean;
  /** What the office's yes is called, once it is given: 「同意实施」 */
  passed?: string;
}): ReactNode {
  if (paper.parties.length === 0) return null;
  return (
    <Panel title={title}>
      <Facts
        facts={[
          ["审核单位", paper.parties.map((party) => partyNames[party]).join("、")],
          ["已提交", paper.given.map((party) => partyNames[party]).join("、") || NO_DATA],
          ["期限", running ? <Deadline key="by" due={paper.review_by} /> : <Day key="by" day={paper.review_by} />],
        ]}
      />
      <Opinions opinions={paper.opinions} />
      {passed && (
        <p className="x-hint">
          {paper.decided_by} <Instant at={paper.decided_at} /> {passed}
          {paper.letter && `：${paper.letter}`}
        </p>
      )}
    </Panel>
  );
}
