import { Button } from "antd";
import type { ReactNode } from "react";
import { Empty, formatPercent, Tag, useRole, useSession } from "@/parts";
import type { CommonIssue, CommonIssues, Narrow } from "./data";

/** The findings that somebody wants to see: of one tag or code, of one office or all. */
export interface Behind {
  tag: string;
  title: string;
  of?: string;
}

/** What the columns are called. */
export const places = (issues: CommonIssues) =>
  shownOffices(issues).every(({ level }) => level === "county") ? "县区" : "地区";

// Every county, and another office only if it has some.
function shownOffices({ items, offices }: CommonIssues) {
  const hit = new Set(items.flatMap((issue) => issue.cells.map((cell) => cell.office)));
  return offices.filter((each) => each.level === "county" || hit.has(each.slug));
}

/** Tags or codes against offices. Each number leads to its findings; too few are a list without the offices. */
export function HeatTable({
  issues,
  narrow,
  onShow,
}: {
  issues: CommonIssues;
  narrow: Narrow;
  onShow: (behind: Behind) => void;
}): ReactNode {
  const { identity } = useSession();
  const own = identity.office.level === "county";
  const few = issues.items.reduce((sum, { findings }) => sum + findings, 0) < issues.min_findings;
  const offices = few ? [] : shownOffices(issues);
  const what = narrow.by === "category" ? "分类" : "标签";
  return (
    <>
      {few && <Empty>{`${what}不足 ${issues.min_findings} 条时不显示热力表。`}</Empty>}
      <div className="x-panel x-heat-scroll">
        <table className="x-heat">
          <caption className="x-hidden">共性问题{what}与各地的问题条数</caption>
          <thead>
            <tr>
              <th scope="col">{what}</th>
              {offices.map((each) => (
                <th key={each.slug} scope="col" className="x-heat-number">
                  {each.name}
                  <small className="x-hint">共 {each.findings}</small>
                </th>
              ))}
              <th scope="col" className="x-heat-number">
                命中{own ? "单位" : places(issues)}
              </th>
              <th scope="col" className="x-heat-number">
                条数
              </th>
              <th scope="col">办理</th>
            </tr>
          </thead>
          <tbody>
            {issues.items.map((issue) => (
              <IssueRow key={issue.code || issue.tag} issue={issue} offices={offices} narrow={narrow} onShow={onShow} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function IssueRow({
  issue,
  offices,
  narrow,
  onShow,
}: {
  issue: CommonIssue;
  offices: CommonIssues["offices"];
  narrow: Narrow;
  onShow: (behind: Behind) => void;
}): ReactNode {
  const { office, identity } = useSession();
  const reader = useRole("OFF", "DIR", "CITY", "PROV");
  const composer = useRole("CITY", "PROV");
  const tag = narrow.by === "category" ? (issue.code ?? "") : issue.tag;
  const show = (of?: string, name?: string) => onShow({ tag, of, title: name ? `${issue.tag}，${name}` : issue.tag });
  return (
    <tr>
      <th scope="row">
        {issue.code && <span className="x-number">{issue.code}</span>} {issue.tag}{" "}
        {issue.common && <Tag tone="info">共性</Tag>}
      </th>
      {offices.map((each) => (
        <HeatCell
          key={each.slug}
          issue={issue}
          office={each}
          onShow={reader ? () => show(each.slug, each.name) : undefined}
        />
      ))}
      <td className="x-heat-number">{identity.office.level === "county" ? issue.units : issue.offices}</td>
      <td className="x-heat-number">{issue.findings}</td>
      <td className="x-heat-actions">
        {reader && (
          <Button size="small" onClick={() => show()}>
            查看问题
          </Button>
        )}
        {composer && narrow.by !== "category" && (
          <Button
            size="small"
            type={issue.common ? "primary" : "default"}
            href={`/w/${office}/linkage/new?tag=${encodeURIComponent(issue.tag)}`}
          >
            生成通报
          </Button>
        )}
      </td>
    </tr>
  );
}

// The number and its share of the office's findings; the shade only repeats the number.
function HeatCell({
  issue,
  office,
  onShow,
}: {
  issue: CommonIssue;
  office: CommonIssues["offices"][number];
  onShow?: () => void;
}): ReactNode {
  const n = issue.cells.find((cell) => cell.office === office.slug)?.findings ?? 0;
  const most = Math.max(...issue.cells.map((cell) => cell.findings));
  const shade = n === 0 ? 0 : Math.ceil((n / most) * 4);
  const share = n > 0 && office.findings >= 10 && <small>{formatPercent(n, office.findings)}</small>;
  return (
    <td className={`x-heat-number x-heat-${shade}`}>
      {n > 0 && onShow ? (
        <button type="button" className="x-heat-open" onClick={onShow}>
          <span className="x-hidden">
            {office.name} {issue.tag}{" "}
          </span>
          <span className="x-number">{n}</span>
          <span className="x-hidden"> 条 </span>
          {share}
        </button>
      ) : (
        <>
          <span className="x-number">{n}</span>
          {share}
        </>
      )}
    </td>
  );
}
