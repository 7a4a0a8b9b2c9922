import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useRef } from "react";
import { Notice, NumberCell, Page, ProblemNotice, StatusTag, Tag, useDelayed, useSession } from "@/parts";
import { Approval } from "./Approval";
import { type Draft, textQuery } from "./data";
import { Items } from "./Items";
import { Preview } from "./Preview";
import { Privacy } from "./Privacy";
import { Publish } from "./Publish";
import { Scope } from "./Scope";
import { Withheld } from "./Withheld";
import { type Step, standingOf, steps, textStates } from "./words";
import "./disclosure.css";

/** 公开编辑 (S24): one text, step by step from the ledger to the public page. */
export default function Editor(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office, below } = useSession();
  const { data: draft, error, isPending, refetch } = useQuery(textQuery({ office, below }, id));
  const waiting = useDelayed(isPending);
  if (draft) return <Text draft={draft} key={`${draft.id} ${draft.edition}`} />;
  return (
    <Page title="公开稿">
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
    </Page>
  );
}

function Text({ draft }: { draft: Draft }): ReactNode {
  const { step, go } = useStep(draft);
  return (
    <Page
      title={draft.title}
      windowTitle={`${draft.number} - 公开编辑`}
      crumb={draft.number}
      note={
        <>
          <NumberCell number={draft.number} /> <StatusTag words={textStates} state={draft.state} />
          {draft.edition > 1 && <Tag tone="neutral">第 {draft.edition} 版</Tag>}
          {draft.page && (
            <>
              {" "}
              <a href={draft.page} target="_blank" rel="noreferrer">
                查看公开页
              </a>
            </>
          )}
        </>
      }
    >
      <Lines draft={draft} />
      <div className="x-text-columns">
        <Steps draft={draft} step={step} go={go} />
        <div className="x-text-step">
          <Shown step={step} draft={draft} go={go} />
          <Onward step={step} go={go} />
        </div>
      </div>
    </Page>
  );
}

// What concerns the whole text, whatever step is open.
function Lines({ draft }: { draft: Draft }): ReactNode {
  return (
    <>
      {draft.state === "draft" && draft.return_note && (
        <Notice tone="warning">
          退回修改：<span className="x-lines">{draft.return_note}</span>
        </Notice>
      )}
      {draft.held && (
        <Notice tone="danger" role="alert">
          {draft.held}
        </Notice>
      )}
      {draft.edition > 1 && draft.live !== null && draft.live !== draft.edition && (
        <Notice tone="info">
          正在办理第 {draft.edition} 版更正。公开页仍为第 {draft.live} 版，新版发布后自动替换。
        </Notice>
      )}
    </>
  );
}

function Steps({ draft, step, go }: { draft: Draft; step: Step; go: (step: Step) => void }): ReactNode {
  return (
    <nav aria-label="办理步骤" className="x-text-steps x-no-print">
      <ol>
        {steps.map(({ key, title, hint }, i) => {
          const { text, open } = standingOf(key, draft);
          return (
            <li key={key}>
              <button
                type="button"
                aria-current={key === step ? "step" : undefined}
                className={key === step ? "x-text-step-here" : undefined}
                onClick={() => go(key)}
              >
                <span className="x-text-step-title">
                  {i + 1} {title}
                </span>
                {text && (open ? <Tag tone="warning">{text}</Tag> : <span className="x-hint">{text}</span>)}
                <span className="x-text-step-hint x-hint">{hint}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function Shown({ step, draft, go }: { step: Step; draft: Draft; go: (step: Step) => void }): ReactNode {
  switch (step) {
    case "scope":
      return <Scope draft={draft} />;
    case "items":
      return <Items draft={draft} />;
    case "withheld":
      return <Withheld draft={draft} />;
    case "privacy":
      return <Privacy draft={draft} />;
    case "preview":
      return <Preview draft={draft} />;
    case "approval":
      return <Approval draft={draft} go={go} />;
    case "publish":
      return <Publish draft={draft} />;
  }
}

function Onward({ step, go }: { step: Step; go: (step: Step) => void }): ReactNode {
  const at = steps.findIndex(({ key }) => key === step);
  const [before, after] = [steps[at - 1], steps[at + 1]];
  return (
    <div className="x-form-actions x-no-print">
      {before && <Button onClick={() => go(before.key)}>上一步：{before.title}</Button>}
      {after && <Button onClick={() => go(after.key)}>下一步：{after.title}</Button>}
    </div>
  );
}

// The step is in the address. Opened without one, the text shows where it waits for somebody.
function useStep(draft: Draft): { step: Step; go: (step: Step) => void } {
  const { step, ...search } = useSearch({ strict: false }) as Record<string, string>;
  const navigate = useNavigate();
  const first = useRef(waitingStep(draft));
  const known = steps.find(({ key }) => key === step)?.key;
  return {
    step: known ?? first.current,
    go: (key) => void navigate({ to: ".", search: { ...search, step: key } as never, replace: true }),
  };
}

function waitingStep(draft: Draft): Step {
  switch (draft.state) {
    case "draft":
      return "scope";
    case "confirming":
    case "clearing":
    case "approving":
      return "approval";
    default:
      return "publish";
  }
}
