import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import {
  answer,
  api,
  Deadline,
  eachRow,
  Instant,
  ifMatch,
  type ListSpec,
  ListView,
  NO_DATA,
  NumberCell,
  newKey,
  optionsOf,
  Page,
  Panel,
  StatusTag,
  Tag,
  useRole,
  useSession,
} from "@/parts";
import { countsQuery, listOpinions, modes, type Opinion, opinionStates, opinionsKey, settingQuery } from "./data";
import { OpinionCard } from "./OpinionCard";
import { SettingDialog } from "./SettingDialog";

/** 意见办理 (S25): what the public says about published texts, and what became of it. */
export default function Opinions(): ReactNode {
  const { office } = useSession();
  const staff = useRole("OFF", "DIR", "CITY", "PROV");
  const directs = useRole("DIR", "CITY", "PROV");
  const setting = useQuery(settingQuery(office)).data;
  const [setting_, setSetting] = useState(false);
  const spec = useMemo<ListSpec<Opinion>>(
    () => ({
      screen: "opinions",
      caption: "意见办理",
      unit: "条",
      queryKey: [...opinionsKey, office, "list"],
      load: (ask, signal) => listOpinions(office, ask, signal),
      rowKey: ({ id }) => id,
      rowName: ({ number }) => number,
      columns: [
        {
          key: "number",
          title: "编号",
          width: 152,
          pinned: true,
          card: "title",
          cell: ({ number, id }) => <NumberCell number={number} href={`/w/${office}/opinions/${id}`} />,
        },
        {
          key: "text",
          title: "意见",
          width: 320,
          card: "title",
          cell: ({ text, not_fixed }) => (
            <>
              {not_fixed && <Tag tone="warning">反映未整改到位</Tag>} {text}
            </>
          ),
        },
        {
          key: "state",
          title: "状态",
          width: 80,
          cell: ({ state }) => <StatusTag words={opinionStates} state={state} />,
        },
        {
          key: "due",
          title: "期限",
          width: 150,
          cell: ({ due_on }) => (due_on ? <Deadline due={due_on} /> : NO_DATA),
        },
        { key: "unit", title: "单位", width: 160, cell: ({ unit_name }) => unit_name },
        { key: "notice", title: "通报", width: 160, cell: ({ notice }) => notice },
        { key: "finding", title: "关联问题", width: 136, cell: ({ finding_number }) => finding_number || NO_DATA },
        { key: "reply", title: "答复", width: 80, cell: ({ reply }) => (reply ? "已答复" : NO_DATA) },
        { key: "at", title: "收到时间", width: 116, cell: ({ at }) => <Instant at={at} /> },
      ],
      filters: [
        { key: "state", label: "状态", kind: "many", options: optionsOf(opinionStates) },
        { key: "unfixed", label: "反映未整改到位", kind: "flag" },
        { key: "notice", label: "通报索引号", kind: "text" },
      ],
      drawer: (id) => <OpinionCard id={id} />,
      drawerTitle: (_, row) => row && `${row.number} ${row.unit_name}`,
      href: ({ id }) => `/w/${office}/opinions/${id}`,
      bulk: staff
        ? [
            {
              key: "decline",
              label: "不登（广告）",
              confirm: (count) => `所选 ${count} 条按“广告”不登。原文和理由保留，可以重新审核。`,
              run: (rows, progress) =>
                eachRow(
                  rows,
                  { key: ({ id }) => id, name: ({ number }) => number },
                  ({ id, version }) =>
                    answer(
                      api.POST("/v1/offices/{office}/opinions/{id}/decline", {
                        params: { path: { office, id } },
                        headers: { ...ifMatch(version), "Idempotency-Key": newKey() },
                        body: { reason: "advert" },
                      }),
                    ),
                  progress,
                ),
            },
          ]
        : undefined,
      empty: "没有待处理意见。群众在通报页提交的意见会列在这里。",
    }),
    [office, staff],
  );
  return (
    <Page
      title="意见办理"
      width="list"
      note={<>群众在通报页提交的意见；选登由本单位决定，原文谁也不能改{setting && `。现为：${modes[setting.mode]}`}</>}
      actions={directs && setting && <Button onClick={() => setSetting(true)}>意见公开方式</Button>}
    >
      <Counts />
      <ListView spec={spec} />
      {setting_ && setting && <SettingDialog setting={setting} onClose={() => setSetting(false)} />}
    </Page>
  );
}

/** What each office below has, in numbers: a level above reads no opinion. */
function Counts(): ReactNode {
  const { office } = useSession();
  const above = useRole("CITY", "PROV");
  const rows = useQuery({ ...countsQuery(office), enabled: above }).data;
  if (!above || !rows || rows.length === 0) return null;
  return (
    <Panel title="各地意见（只有数量，原文由当地办理）">
      <div className="x-scroll">
        <table className="x-table">
          <thead>
            <tr>
              <th scope="col">地区</th>
              <th scope="col">收到</th>
              <th scope="col">待审</th>
              <th scope="col">选登</th>
              <th scope="col">待答复</th>
              <th scope="col">反映未整改到位</th>
              <th scope="col">列为存疑</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.office}>
                <th scope="row">{row.name}</th>
                {[row.received, row.waiting, row.featured, row.unanswered, row.not_fixed, row.doubts].map((n, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed
                  <td key={i} className="x-number">
                    {n}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
