import { Button } from "antd";
import { type ReactNode, useMemo } from "react";
import {
  type Column,
  Count,
  Day,
  Deadline,
  type ListSpec,
  ListView,
  NO_DATA,
  NumberCell,
  Page,
  StatusTag,
  type Tab,
  useRole,
  useSession,
} from "@/parts";
import { type Letter, linkageKey, listLetters } from "./data";
import { deliveryStates, noticeStates } from "./words";

const received = ["number", "title", "issuer", "issued", "receipt_due", "report_due", "progress", "late"];
const sent = ["number", "title", "state", "issued", "receipts", "reports", "accepted", "report_due", "late"];

const tabs: readonly Tab[] = [
  { key: "in", label: "收到的通报", columns: received },
  { key: "out", label: "发出的通报", columns: sent },
];

/** 通报收发 (S21): what was received and what was sent. */
export default function Letters(): ReactNode {
  const { office, identity, below } = useSession();
  const composer = useRole("OFF", "DIR", "CITY", "PROV") && below === undefined;
  const sender = useRole("OFF", "DIR", "LG", "CITY", "PROV");
  const top = identity.office.level === "province";
  const spec = useMemo<ListSpec<Letter>>(() => {
    const href = (letter: Letter) => `/w/${office}/linkage/${letter.id}`;
    const boxes = top ? [...tabs].reverse() : tabs;
    return {
      screen: "linkage.letters",
      caption: "通报收发",
      unit: "份",
      queryKey: [...linkageKey, office, "letters"],
      load: (ask, signal) => listLetters(office, box(ask.tab, sender ? boxes[0]?.key : "in"), ask, signal),
      rowKey: (letter) => letter.id,
      rowName: (letter) => letter.number || letter.title,
      href,
      columns: sender ? columns(href) : columns(href).filter(({ key }) => received.includes(key)),
      tabs: sender ? boxes : undefined,
      empty: "还没有收到或发出的通报。",
    };
  }, [office, sender, top]);
  return (
    <Page
      title="通报收发"
      width="list"
      actions={
        composer && (
          <>
            <Button href={`/w/${office}/common-issues`}>共性问题</Button>
            <Button type="primary" href={`/w/${office}/linkage/new`}>
              起草通报
            </Button>
          </>
        )
      }
    >
      <ListView spec={spec} />
    </Page>
  );
}

function box(tab: string, first: string | undefined): "in" | "out" {
  return (tab || first) === "out" ? "out" : "in";
}

function columns(href: (letter: Letter) => string): Column<Letter>[] {
  const share = (n: number, letter: Letter) => (letter.sent === 0 ? NO_DATA : `${n}/${letter.sent}`);
  return [
    {
      key: "number",
      title: "文号",
      width: 176,
      pinned: true,
      card: "title",
      cell: (letter) => <NumberCell number={letter.number || "（未编号）"} href={href(letter)} />,
    },
    { key: "title", title: "标题", width: 290, card: "title", cell: (letter) => letter.title },
    { key: "issuer", title: "发文单位", width: 132, cell: (letter) => letter.issuer_name },
    {
      key: "state",
      title: "状态",
      width: 90,
      cell: (letter) => <StatusTag words={noticeStates} state={letter.state} />,
    },
    { key: "issued", title: "下发日期", width: 110, cell: (letter) => <Day day={letter.issued_at?.slice(0, 10)} /> },
    { key: "receipt_due", title: "签收期限", width: 116, cell: (letter) => <Deadline due={letter.receipt_due} /> },
    { key: "receipts", title: "签收", width: 80, align: "right", cell: (letter) => share(letter.received, letter) },
    { key: "reports", title: "报送", width: 80, align: "right", cell: (letter) => share(letter.reported, letter) },
    { key: "accepted", title: "采认", width: 80, align: "right", cell: (letter) => share(letter.accepted, letter) },
    { key: "report_due", title: "报送期限", width: 116, cell: (letter) => <Deadline due={letter.report_due} /> },
    {
      key: "progress",
      title: "办理情况",
      width: 100,
      cell: (letter) => <StatusTag words={deliveryStates} state={letter.progress} />,
    },
    {
      key: "late",
      title: "逾期",
      width: 80,
      align: "right",
      cell: (letter) =>
        letter.overdue > 0 ? (
          <span className="x-number x-standing-danger">{letter.delivery ? "逾期" : <Count n={letter.overdue} />}</span>
        ) : (
          NO_DATA
        ),
    },
  ];
}
