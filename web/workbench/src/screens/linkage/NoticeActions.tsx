import { Button, Dropdown, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, ReadyButton, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { type NoticeView, refreshed } from "./data";

type Act = "submit" | "send-back" | "withdraw" | "close";

const words: Readonly<Record<Act, { title: string; text: string; done: string; pair: string }>> = {
  submit: { title: "送审", text: "", done: "已送审", pair: "暂不送审" },
  "send-back": { title: "退回修改", text: "退回的理由", done: "已退回起草人", pair: "暂不退回" },
  withdraw: { title: "撤回通报", text: "撤回的理由", done: "已撤回", pair: "暂不撤回" },
  close: { title: "闭环通报", text: "闭环小结", done: "已闭环", pair: "暂不闭环" },
};

/** What may be done to a notice next; the main act last, the rarer ones behind 「更多」. */
export function NoticeActions({ notice, onIssue }: { notice: NoticeView; onIssue: () => void }): ReactNode {
  const { office } = useSession();
  const [act, setAct] = useState<Act | null>(null);
  const may = (each: NoticeView["allowed"][number]) => notice.allowed.includes(each);
  const more = (["send-back", "withdraw"] as const).filter(may);
  const open = notice.hits.filter((hit) => hit.agreed === "").length;
  const left = notice.matrix?.rows.filter((row) => row.depth === 0 && row.state !== "accepted").length ?? 0;
  return (
    <>
      {more.length > 0 && (
        <Dropdown
          trigger={["click"]}
          menu={{ items: more.map((key) => ({ key, label: words[key].title, onClick: () => setAct(key) })) }}
        >
          <Button>更多</Button>
        </Dropdown>
      )}
      {may("edit") && <Button href={`/w/${office}/linkage/${notice.id}/edit`}>修改</Button>}
      {may("submit") && (
        <Button type="primary" onClick={() => setAct("submit")}>
          送审
        </Button>
      )}
      {may("issue") && (
        <ReadyButton type="primary" what={[open > 0 && `${open} 个来源名称的同意保留，或退回修改`]} onClick={onIssue}>
          签发
        </ReadyButton>
      )}
      {may("close") && (
        <ReadyButton
          type={left === 0 ? "primary" : "default"}
          what={[left > 0 && `${left} 个单位的自查报告采认`]}
          onClick={() => setAct("close")}
        >
          闭环通报
        </ReadyButton>
      )}
      {act === "submit" && <SubmitDialog notice={notice} onClose={() => setAct(null)} />}
      {act !== null && act !== "submit" && <TextDialog notice={notice} act={act} onClose={() => setAct(null)} />}
    </>
  );
}

function TextDialog({
  notice,
  act,
  onClose,
}: {
  notice: NoticeView;
  act: Exclude<Act, "submit">;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [text, setText] = useState("");
  const write = useWrite({
    run: (version: number, key): Promise<unknown> => {
      const call = {
        params: { path: { office, id: notice.id } },
        headers: { ...ifMatch(version), "Idempotency-Key": key },
      };
      if (act === "close")
        return answer(api.POST("/v1/offices/{office}/notices/{id}/close", { ...call, body: { summary: text } }));
      const body = { reason: text };
      if (act === "withdraw") return answer(api.POST("/v1/offices/{office}/notices/{id}/withdraw", { ...call, body }));
      return answer(api.POST("/v1/offices/{office}/notices/{id}/send-back", { ...call, body }));
    },
    refresh: refreshed,
    onDone: () => {
      say(words[act].done);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={words[act].title}
      okText={words[act].title}
      cancelText={words[act].pair}
      confirmLoading={write.pending}
      {...untilComplete([text.trim() === "" && words[act].text])}
      onOk={() => write.send(notice.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <label htmlFor="act-text">
        {words[act].text}
        <Input.TextArea
          id="act-text"
          autoSize={{ minRows: 3, maxRows: 10 }}
          maxLength={act === "close" ? 2000 : 500}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </Modal>
  );
}

// Words that name a source go, or stay with a reason that is written down.
function SubmitDialog({ notice, onClose }: { notice: NoticeView; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const tokens = [...new Set(notice.hits.map((hit) => hit.token))];
  const [reasons, setReasons] = useState<Readonly<Record<string, string>>>({});
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/notices/{id}/submit", {
          params: { path: { office, id: notice.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { keep: tokens.map((token) => ({ token, reason: reasons[token] ?? "" })) },
        }),
      ),
    refresh: refreshed,
    onDone: () => {
      say("已送审，等待签发");
      onClose();
    },
  });
  return (
    <Modal
      open
      title="送审通报"
      okText="送审"
      cancelText="暂不送审"
      confirmLoading={write.pending}
      {...untilComplete(tokens.map((token) => !reasons[token]?.trim() && `保留“${token}”的理由`))}
      onOk={() => write.send(notice.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      {tokens.length === 0 ? (
        <p>通报中没有发现指认来源单位的词语，共 {notice.recipients.length} 个接收单位。</p>
      ) : (
        <div className="x-stack">
          <p>以下词语可能指认来源单位。返回修改，或写明保留的理由：</p>
          {tokens.map((token) => (
            <label key={token} htmlFor={`keep-${token}`}>
              “{token}”
              <Input
                id={`keep-${token}`}
                maxLength={200}
                placeholder="保留的理由"
                value={reasons[token] ?? ""}
                onChange={(event) => setReasons({ ...reasons, [token]: event.target.value })}
              />
            </label>
          ))}
        </div>
      )}
    </Modal>
  );
}
