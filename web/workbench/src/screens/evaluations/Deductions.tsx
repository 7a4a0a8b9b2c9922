import { Button } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  NO_DATA,
  NumberCell,
  Panel,
  say,
  Tag,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { itemHref } from "../rectification/addresses";
import { DeductDialog } from "./DeductDialog";
import {
  type Aspect,
  type CardItem,
  type Deducting,
  type Entry,
  type Evaluation,
  evaluationsKey,
  formatPoints,
  type Link,
  type Proposal,
} from "./data";

/** Saves deductions: always all of them, so that the service sees the sums. */
export function useEntries(one: Evaluation, onDone?: () => void) {
  const { office } = useSession();
  return useWrite({
    run: (sent: { entries: Deducting[]; version: number }) =>
      answer(
        api.PATCH("/v1/offices/{office}/evaluations/{id}/sheet", {
          params: { path: { office, id: one.id } },
          headers: ifMatch(sent.version),
          body: { entries: sent.entries },
        }),
      ),
    refresh: [evaluationsKey],
    onDone: () => {
      say("已保存评分");
      onDone?.();
    },
  });
}

/** An entry as it is sent back. */
export function sent({ item, points, reason, links }: Entry): Deducting {
  return { item, points, reason, links: links.map(({ kind, id }) => ({ kind, id })) };
}

/** Every item of the card: what the rows say, what a person decided, why, and in which rows. */
export function Deductions({ one }: { one: Evaluation }): ReactNode {
  const [editing, setEditing] = useState<CardItem | null>(null);
  const write = useEntries(one);
  const entries = one.told?.entries ?? one.sheet?.entries ?? [];
  const proposals = one.sheet?.proposals ?? [];
  const entering = one.allowed.includes("enter");
  const open = proposals.filter((each) => !entries.some(({ item }) => item === each.item));
  const follow = (followed: readonly Proposal[]) =>
    write.send({
      entries: [...entries.map(sent), ...followed.map(({ item, points }) => ({ item, points, reason: "", links: [] }))],
      version: one.version,
    });
  return (
    <Panel
      title={one.sheet || one.told ? "评分表" : "评分项"}
      extra={
        entering &&
        open.length > 0 && (
          <Button loading={write.pending} onClick={() => follow(open)}>
            采用全部建议（{open.length}）
          </Button>
        )
      }
    >
      <WriteProblem problem={write.problem} />
      {one.card.aspects.map((aspect) => (
        <section key={aspect.key} className="x-evaluation-aspect" aria-label={aspect.name}>
          <AspectHead one={one} aspect={aspect} />
          <ul>
            {aspect.items.map((item) => (
              <OneItem
                key={item.id}
                item={item}
                entry={entries.find((each) => each.item === item.id)}
                proposal={proposals.find((each) => each.item === item.id)}
                one={one}
                onFollow={entering ? (proposal) => follow([proposal]) : undefined}
                onEdit={entering && item.fact !== "satisfaction" ? () => setEditing(item) : undefined}
              />
            ))}
          </ul>
        </section>
      ))}
      {editing && (
        <DeductDialog
          one={one}
          item={editing}
          entry={entries.find((each) => each.item === editing.id)}
          proposal={proposals.find((each) => each.item === editing.id)}
          onClose={() => setEditing(null)}
        />
      )}
    </Panel>
  );
}

/** 「组织领导 满分 15 自评 15 评估 14 相差 -1」 */
function AspectHead({ one, aspect }: { one: Evaluation; aspect: Aspect }): ReactNode {
  const result = one.told ?? one.sheet?.score;
  const score = result?.aspects.find((each) => each.aspect === aspect.key);
  const self = one.self.find((each) => each.aspect === aspect.key);
  const gap = score && self ? score.points - self.points : 0;
  return (
    <header>
      <h3>{aspect.name}</h3>
      <span>满分 {formatPoints(aspect.weight)}</span>
      <span>自评 {self ? formatPoints(self.points) : NO_DATA}</span>
      <span>评估 {score ? formatPoints(score.points) : NO_DATA}</span>
      {gap !== 0 && (
        <Tag tone={Math.abs(gap) >= one.card.gap ? "warning" : "neutral"}>
          {gap < 0 ? `低于自评 ${formatPoints(-gap)} 分` : `高于自评 ${formatPoints(gap)} 分`}
        </Tag>
      )}
      {self?.note && <span className="x-hint x-evaluation-note">自评说明：{self.note}</span>}
    </header>
  );
}

function OneItem({
  item,
  entry,
  proposal,
  one,
  onFollow,
  onEdit,
}: {
  item: CardItem;
  entry?: Entry;
  proposal?: Proposal;
  one: Evaluation;
  onFollow?: (proposal: Proposal) => void;
  onEdit?: () => void;
}): ReactNode {
  const deducted = item.fact === "satisfaction" ? satisfactionOf(one, item) : entry && formatPoints(entry.points);
  return (
    <li className="x-evaluation-item">
      <div className="x-evaluation-line">
        <span className="x-code">{item.id}</span>
        <span className="x-evaluation-text">
          {item.text}
          <span className="x-hint">
            {item.each > 0 ? `（每项 ${formatPoints(item.each)} 分，` : "（"}最多 {formatPoints(item.cap)} 分）
          </span>
        </span>
        <span className="x-number x-evaluation-deducted">{deducted ? `扣 ${deducted} 分` : NO_DATA}</span>
        {onEdit && (
          <button type="button" className="x-plain-button" onClick={onEdit}>
            {entry ? "修改" : "填写"}
            <span className="x-hidden">扣分项 {item.id}</span>
          </button>
        )}
      </div>
      {proposal && (
        <div className="x-evaluation-proposal">
          <span>系统建议：{proposal.text}</span>
          {!entry && onFollow && (
            <button type="button" className="x-plain-button" onClick={() => onFollow(proposal)}>
              采用<span className="x-hidden">扣分项 {item.id} 的建议</span>
            </button>
          )}
          {entry && <span className="x-hint">{entry.points === proposal.points ? "已采用" : "已调整"}</span>}
          <Links links={proposal.links} />
        </div>
      )}
      {entry?.reason && <p className="x-evaluation-why">理由：{entry.reason}</p>}
      {entry && !proposal && <Links links={entry.links} />}
    </li>
  );
}

function satisfactionOf(one: Evaluation, item: CardItem): string | undefined {
  const result = one.told ?? one.sheet?.score;
  if (!result || result.satisfaction.answers === 0) return undefined;
  const aspect = one.card.aspects.find(({ items }) => items.includes(item));
  const score = result.aspects.find((each) => each.aspect === aspect?.key);
  const others = (one.told?.entries ?? one.sheet?.entries ?? [])
    .filter((each) => aspect?.items.some(({ id }) => id === each.item))
    .reduce((sum, each) => sum + each.points, 0);
  return score && formatPoints(score.deducted - others);
}

/** The rows behind it, each with its address. */
export function Links({ links }: { links: readonly Link[] }): ReactNode {
  const session = useSession();
  const { below } = session;
  if (links.length === 0) return null;
  const at = below ? `?below=${below}` : "";
  return (
    <ul className="x-evaluation-links">
      {links.map((link) => (
        <li key={`${link.kind} ${link.id} ${link.text}`}>
          {link.kind === "item" ? (
            <NumberCell number={link.number} href={itemHref(session, link.id)} />
          ) : (
            <PaperName link={link} at={at} />
          )}{" "}
          <span className="x-hint">{link.text}</span>
        </li>
      ))}
    </ul>
  );
}

// A report that nobody has begun stands in the list of reports.
function PaperName({ link, at }: { link: Link; at: string }): ReactNode {
  const { office } = useSession();
  if (link.kind === "plan") return <a href={`/w/${office}/plans/${link.id}${at}`}>整改方案</a>;
  if (link.kind === "report") return <a href={`/w/${office}/reports/${link.id}${at}`}>整改报告</a>;
  return <a href={`/w/${office}/reports${at}`}>整改报告</a>;
}
