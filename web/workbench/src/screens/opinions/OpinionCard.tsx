import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { Deadline, Facts, Instant, Lines, Notice, ProblemNotice, StatusTag, useDelayed, useSession } from "@/parts";
import { type Act, opinionQuery, opinionStates, reasons } from "./data";
import {
  DeclineDialog,
  FeatureDialog,
  LinkDialog,
  MergeDialog,
  PassDialog,
  ReopenDialog,
  ReplyDialog,
} from "./dialogs";
import "./opinions.css";

const acts: readonly (readonly [Act, string])[] = [
  ["feature", "选登"],
  ["decline", "不登"],
  ["pass", "转办"],
  ["merge", "合并"],
  ["reply", "答复"],
  ["link", "关联问题"],
  ["reopen", "重新审核"],
];

/** One opinion: what was said, what the check for personal data found, what the office made of it. */
export function OpinionCard({ id }: { id: string }): ReactNode {
  const { office } = useSession();
  const { data: opinion, error, isPending, refetch } = useQuery(opinionQuery(office, id));
  const waiting = useDelayed(isPending);
  const [doing, setDoing] = useState<Act | null>(null);
  if (!opinion) {
    return (
      <>
        {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
        {waiting && <p className="x-hint">正在加载…</p>}
      </>
    );
  }
  const close = () => setDoing(null);
  return (
    <article aria-label={`意见 ${opinion.number}`}>
      <blockquote className="x-opinion-said">
        <Lines text={opinion.text} />
      </blockquote>
      {opinion.hits.length > 0 && (
        <Notice tone="warning">
          原文含{[...new Set(opinion.hits.map(({ word }) => word))].join("、")}，选登前需脱敏
        </Notice>
      )}
      <div className="x-form-actions">
        {acts
          .filter(([act]) => opinion.allowed.includes(act))
          .filter(([act]) => act !== "feature" || opinion.may_show)
          .map(([act, word]) => (
            <Button key={act} type={act === "feature" ? "primary" : "default"} onClick={() => setDoing(act)}>
              {act === "reopen" && opinion.state === "featured"
                ? "撤下"
                : act === "reply" && opinion.reply
                  ? "修改答复"
                  : word}
            </Button>
          ))}
      </div>
      <Facts
        facts={[
          ["状态", <StatusTag key="state" words={opinionStates} state={opinion.state} />],
          ["期限", opinion.due_on && <Deadline due={opinion.due_on} />],
          ["收到时间", <Instant key="at" at={opinion.at} />],
          ["称呼", opinion.name],
          ["是否愿意公开", opinion.may_show ? "愿意" : "不公开，只供办理"],
          ["反映未整改到位", opinion.not_fixed ? "是" : "否"],
          ["通报", `${opinion.notice}${opinion.item ? ` 第${opinion.item}条` : "（整份）"}`],
          ["单位", opinion.unit_name],
          [
            "关联问题",
            opinion.finding && (
              <Link to="/w/$office/ledger/$id" params={{ office, id: opinion.finding } as never}>
                {opinion.finding_number}
              </Link>
            ),
          ],
          ["存疑信号", opinion.doubt ? "已列为存疑待核" : ""],
          ["不登理由", opinion.reason === "" ? "" : reasons[opinion.reason]],
          ["转办至", opinion.passed_to],
          ["办理说明", opinion.note, "wide"],
          [
            "办理人",
            opinion.decided_at && (
              <>
                {opinion.decided_by}，<Instant at={opinion.decided_at} />
              </>
            ),
          ],
        ]}
      />
      {opinion.shown && (
        <section aria-label="公开的文字">
          <h3>公开的文字</h3>
          <p className="x-hint">{opinion.shown_name || "网友"}</p>
          <Lines text={opinion.shown} />
        </section>
      )}
      {opinion.reply && (
        <section aria-label="答复">
          <h3>答复</h3>
          <Lines text={opinion.reply} />
          <p className="x-hint">
            {opinion.replied_by}，<Instant at={opinion.replied_at} />
          </p>
        </section>
      )}
      {doing === "feature" && <FeatureDialog opinion={opinion} onClose={close} />}
      {doing === "decline" && <DeclineDialog opinion={opinion} onClose={close} />}
      {doing === "pass" && <PassDialog opinion={opinion} onClose={close} />}
      {doing === "merge" && <MergeDialog opinion={opinion} onClose={close} />}
      {doing === "reply" && <ReplyDialog opinion={opinion} onClose={close} />}
      {doing === "link" && <LinkDialog opinion={opinion} onClose={close} />}
      {doing === "reopen" && <ReopenDialog opinion={opinion} onClose={close} />}
    </article>
  );
}
