import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { ReactNode } from "react";
import {
  Deadline,
  Empty,
  formatCount,
  Page,
  Panel,
  ProblemNotice,
  rectificationStates,
  Standing,
  useSession,
} from "@/parts";
import { ClosingLine } from "./ClosingLine";
import { contactsQuery, type Item, itemsQuery, type State } from "./data";
import { cameBack } from "./words";
import "./rectification.css";

/** 被巡察单位首页 (S35): only what is needed, and no comparison with other units. */
export default function UnitHome(): ReactNode {
  const session = useSession();
  const { office, identity } = session;
  const { data: items, error, refetch } = useQuery(itemsQuery(session, {}));
  const ledger = `/w/${office}/ledger`;
  return (
    <Page
      title={identity.unit ?? "首页"}
      windowTitle="首页"
      width="reading"
      actions={
        <>
          <Button href={`/w/${office}/todo?kind=reminder,delivery`}>签收文件</Button>
          <Button href={`${ledger}?state=working,returned`}>上传佐证</Button>
          <Button type="primary" href={`${ledger}?state=open,working,returned`}>
            填报进展
          </Button>
        </>
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {items && (
        <>
          <Counts items={items} ledger={ledger} />
          <ClosingLine />
          <Returned items={items} ledger={ledger} />
          <Soon items={items} ledger={ledger} />
        </>
      )}
      <Contacts />
    </Page>
  );
}

// People of the office by name; the number is the office's.
function Contacts(): ReactNode {
  const { office, identity } = useSession();
  const { data } = useQuery(contactsQuery(office));
  const { short, name, phone } = identity.office;
  return (
    <Panel title="有疑问请联系">
      <p>
        {short || name}
        {data && data.length > 0 && `：${data.map(({ name }) => name).join("、")}`}
        {phone && (
          <>
            ，电话{" "}
            <a className="x-number x-home-phone" href={`tel:${phone}`}>
              {phone}
            </a>
          </>
        )}
      </p>
    </Panel>
  );
}

const order: readonly State[] = ["closed", "submitted", "returned", "working", "long-term", "open"];

function Counts({ items, ledger }: { items: readonly Item[]; ledger: string }): ReactNode {
  if (items.length === 0) return <Empty>还没有整改事项。反馈意见签收后会自动生成。</Empty>;
  return (
    <Panel title={`${formatCount(items.length)} 个问题`}>
      <ul className="x-counts">
        {order.map((state) => {
          const n = items.filter((item) => item.state === state).length;
          if (n === 0) return null;
          return (
            <li key={state}>
              <a href={`${ledger}?state=${state}`}>
                <strong className="x-number">{n}</strong>
                {rectificationStates[state].text}
              </a>
            </li>
          );
        })}
        <OverdueCount items={items} ledger={ledger} />
      </ul>
    </Panel>
  );
}

function OverdueCount({ items, ledger }: { items: readonly Item[]; ledger: string }): ReactNode {
  const n = items.filter((item) => item.overdue).length;
  if (n === 0) return null;
  return (
    <li>
      <a href={`${ledger}?due=overdue`} className="x-standing-danger">
        <strong className="x-number">{n}</strong>
        已逾期
      </a>
    </li>
  );
}

function Returned({ items, ledger }: { items: readonly Item[]; ledger: string }): ReactNode {
  const returned = items.filter(cameBack);
  if (returned.length === 0) return null;
  return (
    <Panel title="退回重报">
      <ul className="x-home-list">
        {returned.map((item) => (
          <li key={item.id}>
            <a href={`${ledger}/${item.id}`}>{item.number}</a> {item.text}
            <p className="x-standing-warning">{firstSentence(item.return_note)}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Soon({ items, ledger }: { items: readonly Item[]; ledger: string }): ReactNode {
  const due = items.filter((item) => item.days_left !== null && item.due_on).slice(0, 3);
  if (due.length === 0) return null;
  return (
    <Panel title="最近到期">
      <ul className="x-home-list">
        {due.map((item) => (
          <li key={item.id}>
            <a href={`${ledger}/${item.id}`}>{item.number}</a> <Deadline due={item.due_on} />{" "}
            <Standing due={item.due_on} />
            <p>{item.text}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function firstSentence(text: string): string {
  return /^[^。！？\n]*[。！？]?/.exec(text.trim())?.[0] ?? text;
}
