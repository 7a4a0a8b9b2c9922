import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { type ReactNode, useState } from "react";
import {
  api,
  Count,
  Day,
  Facts,
  formatRange,
  Instant,
  Lines,
  NO_DATA,
  Notice,
  Page,
  Panel,
  ProblemNotice,
  ReadyButton,
  StatusTag,
  TakeOut,
  useDelayed,
  useSession,
} from "@/parts";
import { type Counts, type FollowUp, followUpQuery } from "./data";
import { Found } from "./Found";
import { ReportPage } from "./ReportPage";
import { StaffDialog } from "./StaffDialog";
import { CancelDialog, NotifyPage, useBegin } from "./steps";
import { followUpStates } from "./words";
import "./followups.css";

type Doing = "notify" | "report" | "cancel" | "staff";

/** One follow-up: whom it takes, how far it is, what was found. */
export default function FollowUpScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office } = useSession();
  const { data: one, error, isPending, refetch } = useQuery(followUpQuery(office, id));
  const waiting = useDelayed(isPending);
  const [doing, setDoing] = useState<Doing | null>(null);
  if (!one) {
    return (
      <Page title="回头看">
        {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
        {waiting && <p className="x-hint">正在加载…</p>}
      </Page>
    );
  }
  const back = () => setDoing(null);
  if (doing === "notify" || doing === "report") {
    const Check = doing === "notify" ? NotifyPage : ReportPage;
    return (
      <Page title={one.name} crumb={one.name} width="reading" note="核对后办理">
        <Check one={one} onBack={back} />
      </Page>
    );
  }
  return (
    <Page
      title={one.name}
      crumb={one.name}
      note={
        <>
          {one.round_name}，{formatRange(one.starts_on, one.ends_on)}{" "}
          <StatusTag words={followUpStates} state={one.state} />
        </>
      }
      actions={<Actions one={one} onDo={setDoing} />}
    >
      {one.state === "cancelled" && <Notice tone="neutral">已取消：{one.reason}</Notice>}
      {one.state === "draft" && <Notice tone="info">草拟的回头看对单位保密，通知后单位才能看到。</Notice>}
      <Units one={one} />
      <Found one={one} />
      <Panel title="安排与报告">
        <Facts
          facts={[
            ["组长", one.leader],
            ["核查人员", one.people.map((person) => person.name).join("、"), "wide"],
            [
              "通知",
              one.notified_at ? (
                <>
                  {one.notified_by} <Instant at={one.notified_at} />
                </>
              ) : (
                NO_DATA
              ),
            ],
            [
              "报告",
              one.reported_at ? (
                <>
                  {one.reported_by} <Instant at={one.reported_at} />
                </>
              ) : (
                NO_DATA
              ),
            ],
            ["重新整改期限", <Day key="due" day={one.due_on} />],
            ["总体评价", <Lines key="summary" text={one.summary} />, "wide"],
          ]}
        />
      </Panel>
      {doing === "cancel" && <CancelDialog one={one} onClose={back} />}
      {doing === "staff" && <StaffDialog one={one} onClose={back} />}
    </Page>
  );
}

function Actions({ one, onDo }: { one: FollowUp; onDo: (doing: Doing) => void }): ReactNode {
  const { office } = useSession();
  const begin = useBegin(one);
  const may = (each: FollowUp["allowed"][number]) => one.allowed.includes(each);
  const more = [
    may("staff") && { key: "staff", label: "调整人员", onClick: () => onDo("staff") },
    may("cancel") && { key: "cancel", label: "取消回头看", onClick: () => onDo("cancel") },
  ].filter((each) => each !== false);
  const left = one.counts.open + one.counts.seen;
  return (
    <>
      {more.length > 0 && (
        <Dropdown trigger={["click"]} menu={{ items: more }}>
          <Button>更多</Button>
        </Dropdown>
      )}
      {(one.state === "ongoing" || one.state === "reported") && (
        <TakeOut
          take={() =>
            api.POST("/v1/offices/{office}/followups/{id}/report/export", {
              parseAs: "blob",
              params: { path: { office, id: one.id } },
            })
          }
        />
      )}
      {may("edit") && <Button href={`/w/${office}/followups/${one.id}/edit`}>修改方案</Button>}
      {may("notify") && (
        <Button type="primary" onClick={() => onDo("notify")}>
          核对并通知
        </Button>
      )}
      {may("begin") && (
        <Button type="primary" loading={begin.pending} onClick={() => begin.send(one.version)}>
          进驻
        </Button>
      )}
      {may("report") && (
        <ReadyButton type="primary" what={[left > 0 && `${left} 项的两人核实`]} onClick={() => onDo("report")}>
          核对并报告
        </ReadyButton>
      )}
    </>
  );
}

const columns: readonly { title: string; of: (counts: Counts) => number }[] = [
  { title: "问题", of: ({ items }) => items },
  { title: "待核查", of: ({ open }) => open },
  { title: "待核对", of: ({ seen }) => seen },
  { title: "确认到位", of: ({ confirmed }) => confirmed },
  { title: "未到位", of: ({ insufficient }) => insufficient },
  { title: "反弹", of: ({ rebounded }) => rebounded },
  { title: "虚假整改", of: (counts) => counts.false },
  { title: "新发现", of: ({ problems }) => problems },
];

function Units({ one }: { one: FollowUp }): ReactNode {
  const { office } = useSession();
  const told = one.notified_at !== null;
  const cells = (counts: Counts) =>
    columns.map(({ title, of }) => (
      <td key={title}>
        <Count n={told ? of(counts) : null} />
      </td>
    ));
  return (
    <Panel title={`单位（${one.units.length}）`}>
      <div className="x-scroll">
        <table className="x-table x-followup-units">
          <thead>
            <tr>
              <th scope="col">单位</th>
              <th scope="col">选择时的依据</th>
              {columns.map(({ title }) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {one.units.map((taken) => (
              <tr key={taken.unit}>
                <td>
                  {told ? (
                    <a href={`/w/${office}/followups/${one.id}/units/${taken.unit}`}>{taken.name}</a>
                  ) : (
                    taken.name
                  )}
                </td>
                <td>{taken.why.join("，") || NO_DATA}</td>
                {cells(taken.counts)}
              </tr>
            ))}
            <tr>
              <td>合计</td>
              <td />
              {cells(one.counts)}
            </tr>
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
