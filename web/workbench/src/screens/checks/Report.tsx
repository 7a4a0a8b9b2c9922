import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import { Empty, Facts, formatInstant, formatPercent, Page, Panel, ProblemNotice, TakeOut, useSession } from "@/parts";
import { type Check, checksQuery, exportReport } from "./data";
import { drawReasons, roundWord } from "./words";
import "./checks.css";

/** 检查报告: the numbers of each round of checks; the page prints. */
export default function Report(): ReactNode {
  const { office, identity } = useSession();
  const { data, error, refetch } = useQuery(checksQuery(office));
  return (
    <Page
      title="督导检查报告"
      width="reading"
      note={identity.office.name}
      actions={<Button onClick={() => window.print()}>打印</Button>}
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {data?.length === 0 && <Empty>先选择检查轮次与抽样比例。开展督导检查后生成报告。</Empty>}
      {data?.map((check) => (
        <One key={check.id} check={check} />
      ))}
    </Page>
  );
}

function One({ check }: { check: Check }): ReactNode {
  const { office } = useSession();
  const { counts } = check;
  const votes = counts.content + counts.fair + counts.discontent;
  return (
    <Panel
      title={`${check.round_name} ${roundWord(check.n)}督导检查`}
      extra={
        <span className="x-no-print">
          <TakeOut take={() => exportReport(office, check.id)} />
        </span>
      }
    >
      <p className="x-check-sentence">
        检查 {counts.checked} 项：真改 {counts.real}、部分 {counts.partial}、未改 {counts.unchanged}、存疑{" "}
        {counts.doubtful}。
        {counts.checked < counts.visits - counts.again &&
          `另有 ${counts.visits - counts.again - counts.checked} 项尚未确认结论。`}
      </p>
      <Facts
        facts={[
          ["抽样", check.drawn.map(({ reason, saw, took }) => `${drawReasons[reason].text} ${took}/${saw}`).join("，")],
          ["随机比例", `${check.share}%`],
          ["种子", <span key="seed">{check.seed}</span>],
          ["抽样复核", check.same ? "按所存种子重抽，结果一致" : "按所存种子重抽，结果不一致，请核查抽样记录"],
          ["开展", `${check.opened_by} ${formatInstant(check.opened_at)}`],
          [
            "现场满意度",
            votes === 0
              ? null
              : `${formatPercent(counts.content + counts.fair, votes)}（满意 ${counts.content}、基本满意 ${counts.fair}、不满意 ${counts.discontent}）`,
          ],
          ["督办单", `${counts.letters} 件`],
          ["重新整改", `${counts.reopened} 项`],
          ["二人复核", `${counts.again} 项`],
        ]}
      />
    </Panel>
  );
}
