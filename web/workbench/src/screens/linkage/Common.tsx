import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Dropdown, Segmented, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Empty,
  Instant,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  saveFile,
  say,
  sayProblem,
  useDelayed,
  useRole,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayRangePicker } from "@/parts/DayPicker";
import { type CommonIssues, commonIssuesQuery, exportCommon, linkageKey, type Narrow, taxonomyQuery } from "./data";
import { type Behind, HeatTable, places } from "./HeatTable";
import { MergeDialog } from "./MergeDialog";
import { Similar } from "./Similar";
import { TaggedDrawer } from "./TaggedDrawer";
import "./linkage.css";

/** 共性问题 (S22): tags or codes against offices, from when on one is a common issue, and texts that are near. */
export default function Common(): ReactNode {
  const { office, identity } = useSession();
  const [narrow, setNarrow] = useNarrowing();
  const { data, error, isPending, refetch } = useQuery(commonIssuesQuery(office, narrow));
  const waiting = useDelayed(isPending);
  const [shown, setShown] = useState<Behind | null>(null);
  const [similar, setSimilar] = useState(false);
  const [merging, setMerging] = useState(false);
  const contributor = useRole("OFF", "DIR", "CITY", "PROV");
  const above = useRole("CITY", "PROV");
  return (
    <Page
      title="共性问题"
      note={data && rule(data, identity.office.level)}
      actions={
        <>
          <ExportButton narrow={narrow} />
          {above && data && data.items.length > 1 && narrow.by !== "category" && (
            <Button onClick={() => setMerging(true)}>归并标签</Button>
          )}
          {contributor && (
            <Button type="primary" onClick={() => setSimilar(!similar)}>
              {similar ? "收起相近问题" : "比对相近问题"}
            </Button>
          )}
        </>
      }
    >
      <Filters narrow={narrow} onChange={setNarrow} />
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
      {data?.items.length === 0 && <Empty>{emptyText(narrow)}</Empty>}
      {data && data.items.length > 0 && <HeatTable issues={data} narrow={narrow} onShow={setShown} />}
      {data && data.merges.length > 0 && narrow.by !== "category" && <Merges issues={data} />}
      {similar && <Similar narrow={narrow} />}
      {shown !== null && <TaggedDrawer behind={shown} narrow={narrow} onClose={() => setShown(null)} />}
      {merging && data && <MergeDialog issues={data} onClose={() => setMerging(false)} />}
    </Page>
  );
}

// What is narrowed stands in the address, so that it can be passed on.
function useNarrowing(): [Narrow, (narrow: Narrow) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const text = (key: string) => (search[key] === undefined ? undefined : String(search[key]));
  const narrow: Narrow = {
    by: text("by") === "category" ? "category" : undefined,
    area: text("area"),
    focus: Number(text("focus")) || undefined,
    from: text("from"),
    until: text("until"),
  };
  return [narrow, (next) => void navigate({ to: ".", search: next as never, replace: true })];
}

// Issues are common across counties: a county sees its own part, by unit.
function rule(issues: CommonIssues, level: string): string {
  const least = `命中不少于 ${issues.min_offices} 个${places(issues)}且不少于 ${issues.min_findings} 条的，列为共性问题`;
  return level === "county" ? `本级问题按标签归集。${least}，由上级认定` : `${least}；同一行内颜色越深，条数越多`;
}

function emptyText(narrow: Narrow): string {
  const { by, ...rest } = narrow;
  if (Object.values(rest).some((value) => value !== undefined)) return "没有符合条件的问题。放宽领域或日期后再看。";
  return by === "category"
    ? "还没有已反馈并分类的问题。"
    : "还没有带标签的问题。点“比对相近问题”，可把文字相近的问题标为一类。";
}

function Filters({ narrow, onChange }: { narrow: Narrow; onChange: (narrow: Narrow) => void }): ReactNode {
  const { office } = useSession();
  const taxonomy = useQuery(taxonomyQuery(office)).data;
  const set = (change: Narrow) => onChange({ ...narrow, ...change });
  return (
    <div className="x-common-filters x-no-print">
      <Segmented
        aria-label="归集方式"
        value={narrow.by ?? "tag"}
        options={[
          { value: "tag", label: "按标签" },
          { value: "category", label: "按分类" },
        ]}
        onChange={(by) => set({ by: by === "category" ? "category" : undefined })}
      />
      <Select
        aria-label="领域"
        placeholder="领域"
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        className="x-common-area"
        value={narrow.area}
        options={taxonomy?.codes
          .filter(({ code }) => code.length <= 3)
          .map(({ code, label }) => ({ value: code, label: `${code} ${label}` }))}
        onChange={(area?: string) => set({ area })}
      />
      <Select
        aria-label="四个聚焦"
        placeholder="四个聚焦"
        allowClear
        className="x-common-focus"
        value={narrow.focus}
        options={taxonomy?.focuses.map(({ focus, short }) => ({ value: focus, label: short }))}
        onChange={(focus?: number) => set({ focus })}
      />
      <DayRangePicker
        label="反馈日期"
        from={narrow.from ?? ""}
        to={narrow.until ?? ""}
        onChange={(from, until) => set({ from: from || undefined, until: until || undefined })}
      />
    </div>
  );
}

// What leaves the office does not say which county has what.
function ExportButton({ narrow }: { narrow: Narrow }): ReactNode {
  const { office } = useSession();
  const take = async (named: boolean) => {
    try {
      await saveFile(exportCommon(office, narrow, named));
      say("已导出，已记入日志");
    } catch (thrown) {
      sayProblem(thrown);
    }
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "masked", label: "Excel（隐去地区名称，可对外）", onClick: () => void take(false) },
          { key: "named", label: "Excel（含地区名称，仅本级使用）", onClick: () => void take(true) },
        ],
      }}
    >
      <Button>导出</Button>
    </Dropdown>
  );
}

// Tags that are counted with another, each with who decided so and why.
function Merges({ issues }: { issues: CommonIssues }): ReactNode {
  const { office } = useSession();
  const above = useRole("CITY", "PROV");
  const write = useWrite({
    run: (tag: string, key) =>
      answer(
        api.POST("/v1/offices/{office}/common-issues/merge/end", {
          params: { path: { office } },
          headers: { "Idempotency-Key": key },
          body: { tag },
        }),
      ),
    refresh: [linkageKey],
    onDone: () => say("已取消归并"),
  });
  return (
    <Panel title={`已归并的标签（${issues.merges.length}）`}>
      <WriteProblem problem={write.problem} />
      <ul className="x-sources">
        {issues.merges.map(({ tag, into, reason, by, at }) => (
          <li key={tag}>
            “{tag}”计入“{into}”{" "}
            {above && (
              <Button size="small" loading={write.pending} onClick={() => write.send(tag)}>
                取消归并
              </Button>
            )}
            <p className="x-hint">
              {reason}（{by} <Instant at={at} />）
            </p>
          </li>
        ))}
      </ul>
      <Notice tone="neutral">归并只影响本级的统计，各县问题上的标签不变。</Notice>
    </Panel>
  );
}
