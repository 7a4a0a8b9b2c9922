import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { Day, Instant, type ListSpec, ListView, NO_DATA, NumberCell, Page, Panel, useSession } from "@/parts";
import { taskAddress } from "../all";
import { type Look, listLooks, lookDaysQuery, looksKey } from "./data";

/** What an entry calls its object, as the navigation's screens call what they open. */
const opens: Readonly<Record<string, string>> = { finding: "item" };

/** 上级查阅: who of the levels above read what is this office's, and how often. */
export default function Looks(): ReactNode {
  const { office } = useSession();
  const days = useQuery(lookDaysQuery(office)).data;
  const spec = useMemo<ListSpec<Look>>(
    () => ({
      screen: "looks",
      caption: "上级查阅",
      unit: "次",
      queryKey: [...looksKey, office, "list"],
      load: (ask, signal) => listLooks(office, ask, signal),
      rowKey: ({ seq }) => String(seq),
      rowName: ({ office: from, actor, title }) => `${from} ${actor} ${title}`,
      columns: [
        { key: "at", title: "时间", width: 150, cell: ({ at }) => <Instant at={at} /> },
        { key: "from", title: "查阅单位", width: 150, cell: ({ office: from }) => from },
        { key: "actor", title: "查阅人", width: 170, cell: ({ actor, role_name }) => `${actor}（${role_name}）` },
        { key: "title", title: "事由", width: 130, card: "title", cell: ({ title }) => title },
        {
          key: "number",
          title: "编号",
          width: 150,
          cell: ({ number, object, object_id }) => {
            const href = taskAddress(office, opens[object] ?? object, object_id);
            return number && href ? <NumberCell number={number} href={href} /> : number || NO_DATA;
          },
        },
        { key: "unit", title: "所属单位", width: 180, cell: ({ unit }) => unit || NO_DATA },
        { key: "text", title: "内容或理由", width: 360, cell: ({ text }) => text || NO_DATA },
      ],
      filters: [
        {
          key: "from",
          label: "查阅单位",
          kind: "one",
          options: [...new Map((days ?? []).map(({ slug, office: name }) => [slug, name]))].map(([value, label]) => ({
            value,
            label,
          })),
        },
        { key: "days", label: "日期", kind: "days" },
      ],
      empty: "上级还没有查阅过本单位的内容。每次查阅都会在这里留下记录。",
    }),
    [office, days],
  );
  return (
    <Page title="上级查阅" width="list" note="上级每次打开本单位的事项、佐证、方案和名单，都在这里留下时间、人员和事由">
      {days && days.length > 0 && (
        <Panel title="每日汇总">
          <div className="x-scroll">
            <table className="x-table">
              <thead>
                <tr>
                  <th scope="col">日期</th>
                  <th scope="col">查阅单位</th>
                  <th scope="col">人数</th>
                  <th scope="col">对象</th>
                  <th scope="col">次数</th>
                </tr>
              </thead>
              <tbody>
                {days.slice(0, 5).map(({ day, slug, office: from, people, objects, looks }) => (
                  <tr key={`${day} ${slug}`}>
                    <th scope="row">
                      <Link
                        to="/w/$office/looks"
                        params={{ office }}
                        search={{ from: slug, days: `${day}..${day}` } as never}
                      >
                        <Day day={day} />
                      </Link>
                    </th>
                    <td>{from}</td>
                    <td className="x-number">{people} 人</td>
                    <td className="x-number">{objects} 件</td>
                    <td className="x-number">{looks} 次</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
      <ListView spec={spec} />
    </Page>
  );
}
