import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  CheckAnswers,
  Facts,
  formatDayLong,
  formatInstant,
  Instant,
  ifMatch,
  now,
  Panel,
  ReadyButton,
  StatusTag,
  say,
  untilComplete,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { dayOf, timeOf } from "@/words/clock";
import { type Draft, showText, textsKey } from "./data";
import { textStates } from "./words";

/** 定时发布, and afterwards 更正 and 撤回. */
export function Publish({ draft }: { draft: Draft }): ReactNode {
  return (
    <>
      <Panel title="定时发布">
        <Now draft={draft} />
      </Panel>
      <Panel title="版本">
        <ul className="x-text-hits">
          {draft.editions.map((edition) => (
            <li key={edition.edition}>
              第 {edition.edition} 版 <StatusTag words={textStates} state={edition.state} />{" "}
              {edition.published_at && (
                <>
                  <Instant at={edition.published_at} /> 发布，审批人 {edition.approved_by}
                </>
              )}
              {edition.note && <p className="x-hint">更正：{edition.note}</p>}
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

function Now({ draft }: { draft: Draft }): ReactNode {
  if (draft.allowed.includes("schedule")) return <ScheduleForm draft={draft} />;
  if (draft.state === "scheduled") return <Scheduled draft={draft} />;
  if (draft.live !== null || draft.state === "withdrawn") return <Live draft={draft} />;
  return (
    <p className="x-hint">{draft.state === "approved" ? "等待巡察办安排发布时间。" : "审批通过后安排发布时间。"}</p>
  );
}

// The text's own date at nine, or, when that is past, a quarter of an hour from now.
function proposal(draft: Draft): { day: string; time: string } {
  const soon = new Date(Math.ceil((now().getTime() + 15 * 60_000) / 300_000) * 300_000);
  const own = new Date(`${draft.dated}T09:00:00+08:00`);
  const at = own > soon ? own : soon;
  return { day: dayOf(at), time: timeOf(at) };
}

function ScheduleForm({ draft }: { draft: Draft }): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const [plan, setPlan] = useState<{ day: string; time: string; until: string }>({ ...proposal(draft), until: "" });
  const [checking, setChecking] = useState(false);
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/disclosures/{id}/schedule", {
          params: { path: { office: session.office, id: draft.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: {
            publish_at: `${plan.day}T${plan.time}:00+08:00`,
            opinions_until: plan.until === "" ? undefined : plan.until,
          },
        }),
      ),
    refresh: [textsKey, ["tasks"], ["todo"]],
    onDone: (fresh) => {
      showText(queries, session, fresh);
      say(`已安排发布：${formatInstant(fresh.publish_at)}`);
    },
  });
  const problem = <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />;
  if (checking) {
    return (
      <CheckAnswers
        answers={[
          { label: "标题", value: draft.title },
          { label: "发布时间", value: `${formatDayLong(plan.day)} ${plan.time}`, change: () => setChecking(false) },
          {
            label: "意见征集截止",
            value: plan.until ? formatDayLong(plan.until) : "按规定的工作日自动计算",
            change: () => setChecking(false),
          },
          { label: "审批人", value: `${draft.approved_by}（${formatInstant(draft.approved_at)}）` },
        ]}
        consequence="到时自动向社会公开。发布前可以取消，发布后只能更正或撤回，均有公开记录。"
        action="定时发布"
        onBack={() => setChecking(false)}
        onConfirm={() => write.send(draft.version)}
        pending={write.pending}
        problem={problem}
      />
    );
  }
  return (
    <>
      {problem}
      <div className="x-form-grid">
        <label htmlFor="publish-day">
          发布日期
          <DayPicker
            id="publish-day"
            value={plan.day}
            min={draft.dated}
            onChange={(day) => setPlan({ ...plan, day: day ?? "" })}
          />
        </label>
        <label htmlFor="publish-time">
          发布时刻
          <Input
            id="publish-time"
            type="time"
            value={plan.time}
            onChange={(event) => setPlan({ ...plan, time: event.target.value })}
          />
        </label>
        <label htmlFor="publish-until">
          意见征集截止（不填则自动计算）
          <DayPicker
            id="publish-until"
            value={plan.until}
            min={plan.day}
            onChange={(day) => setPlan({ ...plan, until: day ?? "" })}
          />
        </label>
      </div>
      <div className="x-form-actions">
        <ReadyButton
          type="primary"
          what={[plan.day === "" && "发布日期", plan.time === "" && "发布时间"]}
          onClick={() => setChecking(true)}
        >
          核对后定时发布
        </ReadyButton>
      </div>
    </>
  );
}

function Scheduled({ draft }: { draft: Draft }): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/disclosures/{id}/recall", {
          params: { path: { office: session.office, id: draft.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
        }),
      ),
    refresh: [textsKey, ["tasks"], ["todo"]],
    onDone: (fresh) => {
      showText(queries, session, fresh);
      say(`已取消发布：${draft.number}`);
    },
  });
  return (
    <>
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <Facts
        facts={[
          ["发布时间", formatInstant(draft.publish_at)],
          ["意见征集截止", draft.opinions_until ? formatDayLong(draft.opinions_until) : "发布时按工作日计算"],
          ["审批人", draft.approved_by],
        ]}
      />
      {draft.allowed.includes("recall") && (
        <div className="x-form-actions">
          <Button danger loading={write.pending} onClick={() => write.send(draft.version)}>
            取消发布
          </Button>
        </div>
      )}
    </>
  );
}

function Live({ draft }: { draft: Draft }): ReactNode {
  const [dialog, setDialog] = useState<"correct" | "withdraw" | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Facts
        facts={[
          [
            "公开页",
            draft.page ? <PageLink key="page" href={draft.page} /> : "已撤回，页面注明撤回的时间和原因",
            "wide",
          ],
          ["现行版本", draft.live === null ? null : `第 ${draft.live} 版`],
          ["发布时间", draft.published_at && <Instant at={draft.published_at} />],
        ]}
      />
      <div className="x-form-actions">
        {draft.allowed.includes("withdraw") && (
          <Button danger onClick={() => setDialog("withdraw")}>
            撤回公开页
          </Button>
        )}
        {draft.allowed.includes("correct") && <Button onClick={() => setDialog("correct")}>更正</Button>}
      </div>
      {dialog === "correct" && <CorrectDialog draft={draft} onClose={close} />}
      {dialog === "withdraw" && <WithdrawDialog draft={draft} onClose={close} />}
    </>
  );
}

function PageLink({ href }: { href: string }): ReactNode {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {href}
    </a>
  );
}

function CorrectDialog({ draft, onClose }: { draft: Draft; onClose: () => void }): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const [form, setForm] = useState({ note: "", hides_previous: false });
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/disclosures/{id}/correct", {
          params: { path: { office: session.office, id: draft.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: form,
        }),
      ),
    refresh: [textsKey],
    onDone: (fresh) => {
      showText(queries, session, fresh);
      say(`已开始办理第 ${fresh.edition} 版更正`);
    },
  });
  return (
    <Modal
      open
      title={`更正 ${draft.number}`}
      okText="开始更正"
      cancelText="暂不更正"
      confirmLoading={write.pending}
      {...untilComplete([form.note.trim() === "" && "更正说明"])}
      onOk={() => write.send(draft.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(version) => write.send(version)} />
      <label htmlFor="correct-note">
        更正说明
        <Input.TextArea
          id="correct-note"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={200}
          showCount
          placeholder="例：第6条补充公示时间"
          value={form.note}
          onChange={(event) => setForm({ ...form, note: event.target.value })}
        />
      </label>
      <Checkbox
        checked={form.hides_previous}
        onChange={(event) => setForm({ ...form, hides_previous: event.target.checked })}
      >
        原内容不应公开，发布后不再提供查看
      </Checkbox>
      <p className="x-hint">以现行版本为底稿生成新的一版，重新逐级审批。发布前公开页不变。</p>
    </Modal>
  );
}

function WithdrawDialog({ draft, onClose }: { draft: Draft; onClose: () => void }): ReactNode {
  const session = useSession();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const write = useWrite({
    run: (edition: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/disclosures/{id}/withdraw", {
          params: { path: { office: session.office, id: draft.id } },
          headers: { "Idempotency-Key": key },
          body: { edition, reason },
        }),
      ),
    refresh: [textsKey],
    onDone: (fresh) => {
      showText(queries, session, fresh);
      say(`已撤回公开页：${draft.number}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`撤回公开页 ${draft.number}`}
      okText="撤回公开页"
      {...untilComplete([reason.trim() === "" && "撤回原因", draft.live === null && "已发布的版本"], { danger: true })}
      cancelText="暂不撤回"
      confirmLoading={write.pending}
      onOk={() => draft.live !== null && write.send(draft.live as number)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} />
      <label htmlFor="withdraw-reason">
        撤回原因（向社会公布）
        <Input.TextArea
          id="withdraw-reason"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={200}
          showCount
          placeholder="例：内容有误，核实后重新公布"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <p className="x-hint">公开页立即不能查看，网址保留，页面注明撤回的时间和原因。</p>
    </Modal>
  );
}
