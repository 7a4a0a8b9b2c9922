import { useQuery } from "@tanstack/react-query";
import { Checkbox } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { Empty, NumberCell, Panel, ProblemNotice, useSession } from "@/parts";
import { commonIssuesQuery, type Source, taggedQuery } from "./data";

/** The findings that a notice rests on: all that carry its tag, less those taken out. For the composer's eyes only. */
export function BasisField({
  tag,
  dropped,
  onDrop,
  onBasis,
}: {
  tag: string;
  dropped: readonly string[];
  onDrop: (dropped: readonly string[]) => void;
  onBasis: (basis: readonly { office: string; id: string }[]) => void;
}): ReactNode {
  const { office } = useSession();
  const tags = useQuery(commonIssuesQuery(office)).data?.items;
  const known = tags?.some((issue) => issue.tag === tag) ?? false;
  const { data, error } = useQuery(taggedQuery(office, known ? tag : ""));
  const [open, setOpen] = useState(false);
  useEffect(() => onBasis((data ?? []).map(({ office, id }) => ({ office, id }))), [data, onBasis]);
  const kept = (data?.length ?? 0) - dropped.length;
  return (
    <Panel
      title={`依据的问题${known && data ? `（${kept}）` : ""}`}
      extra={
        data &&
        data.length > 0 && (
          <button type="button" className="x-plain-button" onClick={() => setOpen(!open)}>
            {open ? "收起" : "查看与取舍"}
          </button>
        )
      }
    >
      {error && <ProblemNotice problem={error} />}
      {!known && <Empty>填写一个已有的共性问题标签后，这里列出带该标签的已反馈问题。</Empty>}
      {known && data && !open && <p>{summary(data.filter(({ id }) => !dropped.includes(id)))}</p>}
      {known && open && (
        <ul className="x-sources">
          {data?.map((finding) => (
            <li key={finding.id}>
              <Checkbox
                checked={!dropped.includes(finding.id)}
                aria-label={`以 ${finding.number} 为依据`}
                onChange={(event) =>
                  onDrop(event.target.checked ? dropped.filter((id) => id !== finding.id) : [...dropped, finding.id])
                }
              />{" "}
              <NumberCell number={finding.number} />{" "}
              <span className="x-hint">
                {finding.office_name} {finding.unit_name}
              </span>
              <p>{finding.text}</p>
            </li>
          ))}
        </ul>
      )}
      <p className="x-hint">依据只有本级可见，接收单位看不到问题出自哪里</p>
    </Panel>
  );
}

// 「青榆县 11 条，石桥岭县 7 条」
function summary(findings: readonly Source[]): string {
  const counts = new Map<string, number>();
  for (const { office_name } of findings) counts.set(office_name, (counts.get(office_name) ?? 0) + 1);
  return [...counts].map(([name, n]) => `${name} ${n} 条`).join("，");
}
