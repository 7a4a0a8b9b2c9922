import { useQuery } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { type ReactNode, useState } from "react";
import { Empty, formatPercent, NumberCell, Page, ProblemNotice, Tag, useDelayed, useRole, useSession } from "@/parts";
import { countsQuery } from "../overview/data";
import { type CommonIssue, type CommonIssues, commonIssuesQuery, taggedQuery } from "./data";
import "./linkage.css";

/** 共性问题 (S22): tags against offices, and from when on a tag is a common issue. */
export default function Common(): ReactNode {
  const { office, identity } = useSession();
  const { data, error, isPending, refetch } = useQuery(commonIssuesQuery(office));
  const waiting = useDelayed(isPending);
  const [shown, setShown] = useState<string | null>(null);
  return (
    <Page title="共性问题" note={data && rule(data, identity.office.level)}>
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {waiting && <p className="x-hint">正在加载…</p>}
      {data?.items.length === 0 && <Empty>还没有带标签的问题。县级给问题加注标签后，会在这里归集。</Empty>}
      {data && data.items.length > 0 && <HeatTable issues={data} onShow={setShown} />}
      {shown !== null && <Tagged tag={shown} onClose={() => setShown(null)} />}
    </Page>
  );
}

// Issues are common across counties: a county sees its own part, by unit.
function rule(issues: CommonIssues, level: string): string {
  const least = `命中不少于 ${issues.min_offices} 个${places(issues)}且不少于 ${issues.min_findings} 条的，列为共性问题`;
  return level === "county" ? `本级问题按标签归集。${least}，由上级认定` : `${least}；颜色越深，条数越多`;
}

const places = (issues: CommonIssues) =>
  shownOffices(issues).every(({ level }) => level === "county") ? "县区" : "地区";

// Every county, and another office only if it has some.
function shownOffices({ items, offices }: CommonIssues) {
  const hit = new Set(items.flatMap((issue) => issue.cells.map((cell) => cell.office)));
  return offices.filter((each) => each.level === "county" || hit.has(each.slug));
}

function HeatTable({ issues, onShow }: { issues: CommonIssues; onShow: (tag: string) => void }): ReactNode {
  const { office, identity } = useSession();
  const own = identity.office.level === "county";
  const composer = useRole("CITY", "PROV");
  const totals = useQuery(countsQuery(office)).data;
  const offices = shownOffices(issues);
  return (
    <div className="x-panel x-heat-scroll">
      <table className="x-heat">
        <caption className="x-hidden">共性问题标签与各地的问题条数</caption>
        <thead>
          <tr>
            <th scope="col">标签</th>
            {offices.map((each) => (
              <th key={each.slug} scope="col" className="x-heat-number">
                {each.name}
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
            <tr key={issue.tag}>
              <th scope="row">
                {issue.tag} {issue.common && <Tag tone="info">共性</Tag>}
              </th>
              {offices.map((each) => (
                <HeatCell key={each.slug} issue={issue} office={each.slug} of={totals?.get(each.slug)} />
              ))}
              <td className="x-heat-number">{own ? issue.units : issue.offices}</td>
              <td className="x-heat-number">{issue.findings}</td>
              <td className="x-heat-actions">
                <Button size="small" onClick={() => onShow(issue.tag)}>
                  查看问题
                </Button>
                {composer && (
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
          ))}
        </tbody>
      </table>
    </div>
  );
}

// The number and its share of the office's findings; the shade only repeats the number.
function HeatCell({ issue, office, of }: { issue: CommonIssue; office: string; of?: number }): ReactNode {
  const n = issue.cells.find((cell) => cell.office === office)?.findings ?? 0;
  const most = Math.max(...issue.cells.map((cell) => cell.findings));
  const shade = n === 0 ? 0 : Math.ceil((n / most) * 4);
  return (
    <td className={`x-heat-number x-heat-${shade}`}>
      <span className="x-number">{n}</span>
      {n > 0 && of !== undefined && of >= 10 && <small> {formatPercent(n, of)}</small>}
    </td>
  );
}

function Tagged({ tag, onClose }: { tag: string; onClose: () => void }): ReactNode {
  const { office } = useSession();
  const { data, error } = useQuery(taggedQuery(office, tag));
  return (
    <Drawer open size={640} title={`${tag}${data ? `（${data.length} 条）` : ""}`} onClose={onClose}>
      {error && <ProblemNotice problem={error} />}
      <ul className="x-sources">
        {data?.map((finding) => (
          <li key={finding.id}>
            <NumberCell
              number={finding.number}
              href={`/w/${office}/ledger/${finding.id}${finding.office === office ? "" : `?below=${finding.office}`}`}
            />{" "}
            <span className="x-hint">
              {finding.office_name} {finding.unit_name}
            </span>
            <p>{finding.text}</p>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
