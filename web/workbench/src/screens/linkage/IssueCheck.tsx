import type { ReactNode } from "react";
import { answer, api, CheckAnswers, formatDeadline, ifMatch, say, useSession, useWrite, WriteProblem } from "@/parts";
import { type NoticeView, refreshed } from "./data";

/** Everything once more before a notice is signed: it cannot be changed afterwards. */
export function IssueCheck({ notice, onBack }: { notice: NoticeView; onBack: () => void }): ReactNode {
  const { office } = useSession();
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/notices/{id}/issue", {
          params: { path: { office, id: notice.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
        }),
      ),
    refresh: refreshed,
    onDone: (issued) => {
      say(`已签发：${issued.number}`);
      onBack();
    },
  });
  return (
    <CheckAnswers
      answers={[
        { label: "标题", value: notice.title },
        { label: "正文", value: <span className="x-lines">{notice.body}</span> },
        { label: "必答问题", value: notice.questions.join("；") },
        {
          label: `接收单位（${notice.recipients.length}）`,
          value: notice.recipients.map(({ name }) => name).join("、"),
        },
        { label: "签收期限", value: formatDeadline(notice.receipt_due) },
        { label: "自查期限", value: formatDeadline(notice.self_check_due) },
        { label: "报送期限", value: formatDeadline(notice.report_due) },
      ]}
      consequence="签发后编号并送达全部接收单位，不能修改；有单位签收前可以撤回"
      action="签发"
      pending={write.pending}
      onConfirm={() => write.send(notice.version)}
      onBack={onBack}
      problem={<WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />}
    />
  );
}
