import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import {
  Compare,
  Deadline,
  Empty,
  formatSize,
  Lines,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  type Role,
  useKeys,
  useNarrow,
  useSession,
} from "@/parts";
import { ItemDoubts } from "../doubts/ItemDoubts";
import { ClaimLine } from "./ClaimLine";
import { Decide } from "./Decide";
import { type Evidence, type Item, type ItemPage, itemQuery, itemsQuery, type Measure } from "./data";
import { Hints } from "./EvidenceTab";
import { OpinionForm } from "./OpinionForm";
import { OpinionList } from "./OpinionsTab";
import { Viewer } from "./Viewer";
import { reviewWords } from "./words";
import "./rectification.css";

/** 联合审核 (S17): the queue, what was asked beside what was done, and this party's opinion. */
export default function Review(): ReactNode {
  const session = useSession();
  const queue = useQuery(itemsQuery(session, { state: ["submitted"] }));
  const groups = groupsOf([...(queue.data ?? [])].sort(answerDue), session.identity.role);
  const all = groups.flatMap(([, items]) => items);
  const { open, go } = useOpen();
  const narrow = useNarrow();
  const shown = all.find((item) => item.id === open) ?? (narrow ? undefined : all[0]);
  const step = (by: number) => {
    const next = all[all.findIndex((item) => item.id === shown?.id) + by];
    if (next) go(next.id);
  };
  useKeys({ n: () => step(1), p: () => step(-1), j: () => step(1), k: () => step(-1) });
  return (
    <Page title="联合审核" note="各审核方各自提交意见，全部提交后互相可见，由巡察办汇总后一次退回或销号">
      {queue.error && <ProblemNotice problem={queue.error} retry={() => void queue.refetch()} />}
      {queue.data && all.length === 0 && (
        <Panel>
          <Empty>没有等待审核的材料。单位提交销号后会列在这里。</Empty>
        </Panel>
      )}
      {all.length > 0 && (
        <div className="x-review">
          {narrow && shown ? (
            <Button onClick={() => go("")}>返回审核队列</Button>
          ) : (
            <Queue groups={groups} shown={shown?.id} onOpen={go} />
          )}
          {shown && <Material id={shown.id} onDone={() => step(1)} />}
        </div>
      )}
    </Page>
  );
}

// On a phone the queue and the item are two pages, and going back leads from one to the other.
function useOpen(): { open: string; go: (id: string) => void } {
  const { open = "" } = useSearch({ strict: false }) as Record<string, string>;
  const navigate = useNavigate();
  const narrow = useNarrow();
  const go = (id: string) =>
    void navigate({ to: ".", search: (id === "" ? {} : { open: id }) as never, replace: !narrow || open !== "" });
  return { open, go };
}

// The queue goes by the day of the answer; the service sorts by the deadline of the item.
function answerDue(a: Item, b: Item): number {
  return (a.review?.due_on ?? "").localeCompare(b.review?.due_on ?? "") || a.number.localeCompare(b.number);
}

type Group = readonly [title: string, items: readonly Item[]];

function groupsOf(items: readonly Item[], role: Role): Group[] {
  const mine = items.filter((item) => item.allowed.includes("opinion"));
  const ripe = items.filter((item) => item.allowed.includes("return") || item.allowed.includes("accept"));
  const given = items.filter((item) => !mine.includes(item) && !ripe.includes(item));
  const parts: Group[] = [
    ["待我审核", mine],
    ["待汇总", ripe],
    [given.some((item) => item.review?.given.includes(role)) ? "等待其他审核方" : "审核中", given],
  ];
  return parts.filter(([, each]) => each.length > 0);
}

function Queue({
  groups,
  shown,
  onOpen,
}: {
  groups: readonly Group[];
  shown: string | undefined;
  onOpen: (id: string) => void;
}): ReactNode {
  return (
    <nav className="x-review-queue" aria-label="审核队列">
      {groups.map(([title, items]) => (
        <section key={title}>
          <h2>
            {title}（{items.length}）
          </h2>
          <ul>
            {items.map((item) => (
              <li key={item.id}>
                <button type="button" aria-current={item.id === shown} onClick={() => onOpen(item.id)}>
                  <span className="x-review-number">
                    <strong className="x-code">{item.number}</strong>
                    {item.review && (
                      <span className="x-hint">
                        {item.review.given.length}/{item.review.parties.length} 已审
                      </span>
                    )}
                  </span>
                  {item.unit_name}
                  <span className="x-review-due x-hint">
                    <Deadline due={item.review?.due_on} />
                    前答复
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Material({ id, onDone }: { id: string; onDone: () => void }): ReactNode {
  const { office } = useSession();
  const { data: item, error, refetch } = useQuery(itemQuery({ office }, id));
  const [deciding, setDeciding] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another item begins without the dialog
  useEffect(() => setDeciding(false), [id]);
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!item) return <p className="x-hint">正在加载…</p>;
  const decides = item.allowed.includes("return") || item.allowed.includes("accept");
  return (
    <>
      <div className="x-review-middle">
        <Asked item={item} />
        <ItemDoubts item={item} />
      </div>
      <aside className="x-review-side" aria-label="审核意见">
        <Panel title="审核意见" extra={<span className="x-hint">{reviewWords(item.review)}</span>}>
          {item.review && <ClaimLine item={item} />}
          {item.allowed.includes("opinion") ? (
            <OpinionForm key={item.id} item={item} onDone={onDone} />
          ) : (
            <>
              {!decides && <p className="x-hint">本方意见已提交，等待其他审核方</p>}
              <OpinionList opinions={item.submissions[0]?.opinions ?? []} />
            </>
          )}
          {decides && (
            <div className="x-form-actions">
              <Button type="primary" onClick={() => setDeciding(true)}>
                汇总审核意见
              </Button>
            </div>
          )}
        </Panel>
        <p className="x-review-keys x-hint">快捷键：A 同意，S 需补充，D 不同意，N 下一件</p>
      </aside>
      {deciding && <Decide item={item} onClose={() => setDeciding(false)} />}
    </>
  );
}

// 要求 | 单位所称 | 佐证, the problem first and then measure by measure.
function Asked({ item }: { item: ItemPage }): ReactNode {
  const [viewed, setViewed] = useState<string | null>(null);
  const handed = item.submissions[0];
  const files = (measure: string | null) => item.files.filter((file) => file.measure === measure && !file.replaced);
  return (
    <>
      <h2 className="x-review-title">
        <a href={`ledger/${item.id}`}>{item.number}</a> {item.unit_name}
        {item.submission > 1 && <span className="x-tag x-tone-warning">第 {item.submission} 次提交</span>}
      </h2>
      {item.return_note && (
        <Notice tone="warning">
          上次退回：<span className="x-lines">{item.return_note}</span>
        </Notice>
      )}
      <Compare
        heads={["要求", "单位所称", "佐证"]}
        rows={[
          {
            key: "problem",
            title: "反馈问题",
            cells: [
              <Lines key="asked" text={item.text} />,
              <Lines key="said" text={handed?.statement ?? item.progress} />,
              <Files key="files" files={files(null)} none="没有整个事项的佐证" onOpen={setViewed} />,
            ],
          },
          ...item.measures.map((measure) => ({
            key: measure.id,
            title: `第 ${measure.seq} 项措施`,
            cells: [
              <Required key="asked" measure={measure} />,
              <Said key="said" measure={measure} />,
              <Files
                key="files"
                files={files(measure.id)}
                none={["没有佐证", handed?.gaps.find((gap) => gap.measure === measure.id)?.reason]
                  .filter(Boolean)
                  .join("：")}
                onOpen={setViewed}
              />,
            ],
            mark: files(measure.id).length === 0 ? ("warning" as const) : undefined,
          })),
        ]}
      />
      {viewed && <Viewer item={item} first={viewed} onClose={() => setViewed(null)} />}
    </>
  );
}

function Required({ measure }: { measure: Measure }): ReactNode {
  return (
    <>
      <Lines text={measure.text} />
      <p className="x-hint">
        {[measure.leader, measure.department].filter(Boolean).join("，")}
        {measure.due_on && `，${measure.due_on} 前`}
      </p>
    </>
  );
}

function Said({ measure }: { measure: Measure }): ReactNode {
  return (
    <>
      <Lines text={measure.progress} />
      {measure.rules && <p>制度：{measure.rules}</p>}
      <p className="x-hint">{measure.done ? "单位标记为已完成" : "单位未标记完成"}</p>
    </>
  );
}

function Files({
  files,
  none,
  onOpen,
}: {
  files: readonly Evidence[];
  none: string;
  onOpen: (id: string) => void;
}): ReactNode {
  if (files.length === 0) return <span className="x-standing-warning">{none}</span>;
  return (
    <ul className="x-review-files">
      {files.map((file) => (
        <li key={file.id}>
          <button type="button" className="x-plain-button x-file-name" onClick={() => onOpen(file.id)}>
            {file.name}
          </button>{" "}
          <span className="x-hint x-number">{formatSize(file.size)}</span>
          <Hints file={file} />
        </li>
      ))}
    </ul>
  );
}
