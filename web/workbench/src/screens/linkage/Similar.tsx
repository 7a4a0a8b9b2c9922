import { useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { type ReactNode, useState } from "react";
import {
  Empty,
  formatCount,
  Panel,
  ProblemNotice,
  ReadyButton,
  Tag,
  useDelayed,
  useSession,
  WriteProblem,
} from "@/parts";
import { type Group, type Narrow, similarQuery } from "./data";
import { SourceLine } from "./TaggedDrawer";
import { useTagging } from "./useTagging";

/** Findings whose texts are near, proposed as one issue: the reasons first, then the rows, then the tag. */
export function Similar({ narrow }: { narrow: Narrow }): ReactNode {
  const { office } = useSession();
  const { data, error, isPending, refetch } = useQuery(similarQuery(office, narrow));
  const waiting = useDelayed(isPending);
  return (
    <Panel title={`文字相近的问题${data ? `（${data.groups.length} 组）` : ""}`}>
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在比对…</p>}
      {data && (
        <p className="x-hint">
          已比对{data.compared < data.total ? "最近反馈的" : ""} {formatCount(data.compared)} 条
          {data.compared < data.total && `，共 ${formatCount(data.total)} 条；更早的，选择反馈日期后再比对`}
          。相同字对达到 {data.percent}% 的为相近，是否同一类问题由人判断
        </p>
      )}
      {data?.groups.length === 0 && <Empty>没有未标注的相近问题。</Empty>}
      {data?.groups.map((group) => (
        <Proposal key={group.members[0]?.id} group={group} />
      ))}
    </Panel>
  );
}

function Proposal({ group }: { group: Group }): ReactNode {
  const { identity } = useSession();
  const [open, setOpen] = useState(false);
  const [tag, setTag] = useState(group.tag);
  const [dropped, setDropped] = useState<readonly string[]>([]);
  const { give } = useTagging(() => setOpen(false));
  const chosen = group.members.filter((member) => member.tag !== tag.trim() && !dropped.includes(member.id));
  return (
    <section className="x-proposal">
      <h3>
        {group.tag || group.members[0]?.text} <Tag tone="plain">{spread(group, identity.office.level)}</Tag>
      </h3>
      <ul className="x-reasons">
        {group.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <div className="x-tagging">
        <WriteProblem problem={give.problem} />
        <Input aria-label="标签" maxLength={40} value={tag} onChange={(event) => setTag(event.target.value)} />
        <ReadyButton
          what={[tag.trim() === "" && "标签", chosen.length === 0 && "要标注的问题"]}
          loading={give.pending}
          onClick={() => give.send({ tag, findings: chosen.map(({ office, id }) => ({ office, id })) })}
        >
          标注 {chosen.length} 条
        </ReadyButton>
        <button type="button" className="x-plain-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "收起" : "查看与取舍"}
        </button>
      </div>
      {open && (
        <ul className="x-sources">
          {group.members.map((member) => (
            <li key={member.id}>
              <SourceLine
                finding={member}
                checked={chosen.includes(member)}
                onCheck={(yes) => setDropped(yes ? dropped.filter((id) => id !== member.id) : [...dropped, member.id])}
                extra={
                  <span className="x-hint">
                    相近 {member.percent}%{member.tag && `，已带“${member.tag}”`}
                  </span>
                }
              />
            </li>
          ))}
          {group.findings > group.members.length && (
            <li className="x-hint">另有 {group.findings - group.members.length} 条未列出，标注后再比对</li>
          )}
        </ul>
      )}
    </section>
  );
}

function spread({ findings, offices, units }: Group, level: string): string {
  return level === "county" ? `${findings} 条，${units} 个单位` : `${findings} 条，${offices} 个地区、${units} 个单位`;
}
