import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  CheckAnswers,
  Instant,
  ifMatch,
  NO_DATA,
  Notice,
  Panel,
  ReadyButton,
  say,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { type Draft, type Grounds, showText, textsKey } from "./data";
import { excerpt, placeOf, textAt } from "./hits";
import { Counts } from "./Scope";
import { actionWords, keepGrounds, type Step } from "./words";

/** 审批: who has stood in for the text so far, and what the person at the screen can do now. */
export function Approval({ draft, go }: { draft: Draft; go: (step: Step) => void }): ReactNode {
  const [returning, setReturning] = useState(false);
  return (
    <>
      <Panel title="审批">
        <Chain draft={draft} />
        <Decide draft={draft} go={go} />
        {draft.allowed.includes("return") && (
          <div className="x-form-actions">
            <Button onClick={() => setReturning(true)}>退回修改</Button>
          </div>
        )}
      </Panel>
      {returning && <ReturnDialog draft={draft} onClose={() => setReturning(false)} />}
    </>
  );
}

function Chain({ draft }: { draft: Draft }): ReactNode {
  const links: readonly (readonly [string, string, string | null, boolean])[] = [
    ["起草", draft.edited_by, draft.changed_at, draft.state === "draft"],
    ["单位主要负责人确认", draft.confirmed_by, draft.confirmed_at ?? null, draft.state === "confirming"],
    ["巡察办审核", draft.cleared_by, draft.cleared_at ?? null, draft.state === "clearing"],
    [
      draft.counts.withheld > 0 ? "领导小组审批" : "巡察办主任或领导小组审批",
      draft.approved_by,
      draft.approved_at ?? null,
      draft.state === "approving",
    ],
  ];
  return (
    <ol className="x-text-chain">
      {links.map(([title, who, at, here], i) => (
        <li key={title} aria-current={here ? "step" : undefined} className={here ? "x-text-chain-here" : undefined}>
          <strong>{title}</strong>
          <span>{who || (here ? "待办理" : NO_DATA)}</span>
          {i > 0 && who && (
            <span className="x-hint">
              <Instant at={at} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function Decide({ draft, go }: { draft: Draft; go: (step: Step) => void }): ReactNode {
  if (draft.state === "draft") return <HandIn draft={draft} go={go} />;
  for (const action of ["confirm", "clear", "approve"] as const) {
    if (draft.allowed.includes(action)) return <Stand draft={draft} action={action} onPreview={() => go("preview")} />;
  }
  return <p className="x-hint">{waitingWords[draft.state] ?? "已审批。公开文本不能再修改；需要修改时先退回。"}</p>;
}

const waitingWords: Partial<Record<Draft["state"], string>> = {
  confirming: "等待单位主要负责人确认。",
  clearing: "等待巡察办审核。",
  approving: "等待审批。起草或审核过此稿的人不能审批。",
  published: "已发布。需要改动时，在“定时发布”一步办理更正。",
  superseded: "已由新的版本替换。",
  withdrawn: "公开页已撤回。",
};

/** Sends one of the steps that name the text its sender saw. */
function useDecision(draft: Draft, action: "check" | "confirm" | "clear" | "approve", done: string) {
  const session = useSession();
  const queries = useQueryClient();
  return useWrite({
    run: (sent: { version: number; keeps?: { hit: string; grounds: Grounds }[] }, key) => {
      const call = {
        params: { path: { office: session.office, id: draft.id } },
        headers: { ...ifMatch(sent.version), "Idempotency-Key": key },
      };
      const body = { digest: draft.digest };
      switch (action) {
        case "check":
          return answer(api.POST("/v1/offices/{office}/disclosures/{id}/check", { ...call, body }));
        case "confirm":
          return answer(api.POST("/v1/offices/{office}/disclosures/{id}/confirm", { ...call, body }));
        case "approve":
          return answer(api.POST("/v1/offices/{office}/disclosures/{id}/approve", { ...call, body }));
        case "clear":
          return answer(
            api.POST("/v1/offices/{office}/disclosures/{id}/clear", { ...call, body: { ...body, keeps: sent.keeps } }),
          );
      }
    },
    refresh: [textsKey, ["tasks"], ["todo"]],
    onDone: (fresh) => {
      showText(queries, session, fresh);
      say(done);
    },
  });
}

function HandIn({ draft, go }: { draft: Draft; go: (step: Step) => void }): ReactNode {
  const write = useDecision(draft, "check", `已送单位主要负责人确认：${draft.number}`);
  const blocks = draft.hits.filter((hit) => hit.level === "block");
  return (
    <>
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send({ version })} />
      {draft.problems.length > 0 && (
        <Notice tone="warning">
          还有 {draft.problems.length} 项没有填好：
          <ul>
            {draft.problems.slice(0, 12).map(({ pointer, message }) => (
              <li key={`${pointer}${message}`}>
                <button
                  type="button"
                  className="x-plain-button"
                  onClick={() => go(pointer.startsWith("/items/") ? "items" : "scope")}
                >
                  {pointer.startsWith("/items/") ? `${placeOf(draft, pointer)}：` : ""}
                  {message}
                </button>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {blocks.length > 0 && (
        <Notice
          tone="danger"
          actions={
            <button type="button" className="x-plain-button" onClick={() => go("privacy")}>
              去处理
            </button>
          }
        >
          还有 {blocks.length} 处个人信息未处理，不能送审。
        </Notice>
      )}
      {draft.allowed.includes("check") && (
        <div className="x-form-actions">
          <ReadyButton
            type="primary"
            loading={write.pending}
            what={[
              draft.problems.length > 0 && `${draft.problems.length} 处内容补齐`,
              blocks.length > 0 && `${blocks.length} 处个人信息处理`,
            ]}
            onClick={() => write.send({ version: draft.version })}
          >
            送单位确认
          </ReadyButton>
        </div>
      )}
    </>
  );
}

const consequences: Readonly<Record<"confirm" | "clear" | "approve", string>> = {
  confirm: "确认后公开文本不能再修改，需要修改时由巡察办退回。",
  clear: "审核通过后送审批。",
  approve: "审批的是现在看到的全部内容。此后内容有任何变化都不能发布，需退回重新办理。",
};

function Stand({
  draft,
  action,
  onPreview,
}: {
  draft: Draft;
  action: "confirm" | "clear" | "approve";
  onPreview: () => void;
}): ReactNode {
  const write = useDecision(draft, action, `已${actionWords[action]}：${draft.number}`);
  const held = action === "clear" ? draft.hits.filter((hit) => hit.level === "hold" && !hit.kept) : [];
  const [grounds, setGrounds] = useState<Readonly<Record<string, Grounds>>>({});
  const keeps = held.flatMap(({ id }) => (grounds[id] ? [{ hit: id, grounds: grounds[id] }] : []));
  const send = (version = draft.version) => write.send({ version, keeps });
  return (
    <CheckAnswers
      answers={[
        { label: "标题", value: draft.title },
        { label: "整改概况", value: <Counts draft={draft} /> },
        { label: "不公开事项", value: draft.counts.withheld > 0 ? `${draft.counts.withheld} 项` : "无" },
        {
          label: "个人信息",
          value:
            held.length > 0 ? (
              <Keeps draft={draft} hits={held} grounds={grounds} onChange={setGrounds} />
            ) : draft.keeps.length > 0 ? (
              `保留 ${draft.keeps.length} 处，核对人 ${[...new Set(draft.keeps.map((keep) => keep.by))].join("、")}`
            ) : (
              "没有未处理的个人信息"
            ),
        },
        { label: "内容校验码", value: <span className="x-code">{draft.digest.slice(0, 16)}</span> },
      ]}
      consequence={consequences[action]}
      action={actionWords[action]}
      backText="先看预览"
      onBack={onPreview}
      onConfirm={() => (keeps.length === held.length ? send() : undefined)}
      pending={write.pending}
      problem={<WriteProblem problem={write.problem} onTheirs={send} />}
    />
  );
}

function Keeps({
  draft,
  hits,
  grounds,
  onChange,
}: {
  draft: Draft;
  hits: Draft["hits"];
  grounds: Readonly<Record<string, Grounds>>;
  onChange: (grounds: Readonly<Record<string, Grounds>>) => void;
}): ReactNode {
  return (
    <ul className="x-text-hits">
      {hits.map((hit) => {
        const [before, found, after] = excerpt(textAt(draft, hit.pointer), hit, 10);
        return (
          <li key={hit.id}>
            <p>
              {placeOf(draft, hit.pointer)}：{before}
              <mark>{found}</mark>
              {after}
            </p>
            <Select<Grounds>
              className="x-text-withheld"
              aria-label={`${hit.name}保留的理由`}
              placeholder="保留的理由；不能保留时请退回"
              value={grounds[hit.id]}
              options={Object.entries(keepGrounds).map(([value, label]) => ({ value: value as Grounds, label }))}
              onChange={(value) => onChange({ ...grounds, [hit.id]: value })}
            />
          </li>
        );
      })}
    </ul>
  );
}

function ReturnDialog({ draft, onClose }: { draft: Draft; onClose: () => void }): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/disclosures/{id}/return", {
          params: { path: { office: session.office, id: draft.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { reason },
        }),
      ),
    refresh: [textsKey, ["tasks"], ["todo"]],
    onDone: (fresh) => {
      showText(queries, session, fresh);
      say(`已退回修改：${draft.number}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`退回修改 ${draft.number}`}
      okText="退回修改"
      cancelText="暂不退回"
      confirmLoading={write.pending}
      {...untilComplete([reason.trim() === "" && "退回原因"])}
      onOk={() => write.send(draft.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <label htmlFor="return-reason">
        退回原因
        <Input.TextArea
          id="return-reason"
          autoSize={{ minRows: 3, maxRows: 8 }}
          maxLength={500}
          showCount
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <p className="x-hint">退回后，已有的确认、审核和审批全部失效，需重新办理。</p>
    </Modal>
  );
}
