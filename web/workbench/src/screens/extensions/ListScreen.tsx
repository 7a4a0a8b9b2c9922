import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  CheckAnswers,
  Day,
  Facts,
  Instant,
  ifMatch,
  Lines,
  NumberCell,
  Page,
  Panel,
  ProblemNotice,
  StatusTag,
  say,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { itemHref } from "../rectification/addresses";
import { itemsKey } from "../rectification/data";
import { listQuery, type RequestList, statesOf, wishOf } from "./data";
import "./extensions.css";

/** A list of requests for more time: signed as one, decided one by one. */
export default function ListScreen(): ReactNode {
  const { id } = useParams({ strict: false }) as { id: string };
  const { office, below } = useSession();
  const { data, error, refetch } = useQuery(listQuery({ office, below }, id));
  const [signing, setSigning] = useState(false);
  return (
    <Page
      title="批量延期申请"
      note={data && `${data.unit_name}，${data.requests.length} 项`}
      width="wide"
      actions={
        data?.sign &&
        !signing && (
          <Button type="primary" onClick={() => setSigning(true)}>
            签署
          </Button>
        )
      }
    >
      {error && <ProblemNotice problem={error} retry={() => void refetch()} />}
      {data && signing && <Sign list={data} onBack={() => setSigning(false)} />}
      {data && !signing && <Body list={data} />}
    </Page>
  );
}

function Body({ list }: { list: RequestList }): ReactNode {
  const session = useSession();
  return (
    <>
      <Panel>
        <Facts
          facts={[
            [
              "申请",
              <span key="by">
                {list.by} <Instant at={list.at} />
              </span>,
            ],
            [
              "签署",
              list.signed_at ? (
                <span key="signed">
                  {list.signed_by} <Instant at={list.signed_at} />
                </span>
              ) : (
                "等待主要负责人"
              ),
            ],
            [
              "清单校验码",
              <span key="digest" className="x-code">
                {list.digest.slice(0, 16)}
              </span>,
            ],
            ...(list.signed_at ? [["承诺", <Lines key="promise" text={list.promise} />, "wide"] as const] : []),
          ]}
        />
      </Panel>
      <Panel title="各项申请">
        <div className="x-extension-scroll">
          <table className="x-extension-list">
            <thead>
              <tr>
                <th scope="col">编号</th>
                <th scope="col">现期限</th>
                <th scope="col">申请期限</th>
                <th scope="col">申请原因</th>
                <th scope="col">佐证</th>
                <th scope="col">状态</th>
                <th scope="col">审批意见</th>
              </tr>
            </thead>
            <tbody>
              {list.requests.map((request) => (
                <tr key={request.id}>
                  <td>
                    <NumberCell number={request.number} href={itemHref(session, request.item)} />
                  </td>
                  <td data-label="现期限">
                    <Day day={request.from_on} />
                  </td>
                  <td data-label="申请期限">
                    <Day day={request.until_on} />
                  </td>
                  <td data-label="申请原因">
                    <Lines text={request.reason} />
                  </td>
                  <td data-label="佐证">
                    <FileNames request={request} />
                  </td>
                  <td data-label="状态">
                    <StatusTag words={statesOf(request)} state={request.state} />
                  </td>
                  <td data-label="审批意见">
                    {request.forwarded_at && (
                      <p className="x-hint">
                        {request.opinion_by} <Instant at={request.forwarded_at} /> 转报：{request.opinion}
                      </p>
                    )}
                    {request.granted_on && request.granted_on !== request.until_on && (
                      <>批准至 {request.granted_on}。</>
                    )}
                    {request.note}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </>
  );
}

/** The files that a request rests on, as they are signed; from above only how many. */
function FileNames({ request }: { request: RequestList["requests"][number] }): ReactNode {
  if (request.files.length === 0) return `${request.evidence.length} 份`;
  return (
    <ul className="x-extension-files">
      {request.files.map((file) => (
        <li key={file.id}>{file.name}</li>
      ))}
    </ul>
  );
}

function Sign({ list, onBack }: { list: RequestList; onBack: () => void }): ReactNode {
  const { office } = useSession();
  const open = list.requests.filter((request) => request.state === "asked");
  const write = useWrite({
    run: (version: number, key) =>
      answer(
        api.POST("/v1/offices/{office}/extension-lists/{list}/sign", {
          params: { path: { office, list: list.id } },
          headers: { ...ifMatch(version), "Idempotency-Key": key },
          body: { promise: list.promise, digest: list.digest },
        }),
      ),
    refresh: [itemsKey, ["tasks"]],
    onDone: () => {
      say(`已签署 ${open.length} 项延期申请，等待逐项审批`);
      onBack();
    },
  });
  return (
    <CheckAnswers
      answers={[
        { label: "申请", value: `${open.length} 项，由${list.by}提出` },
        ...open.map((request) => ({
          label: request.number,
          value: (
            <>
              {wishOf(request)}。{request.reason}
              <div className="x-hint">佐证 {request.evidence.length} 份：</div>
              <FileNames request={request} />
            </>
          ),
        })),
        { label: "清单校验码", value: <span className="x-code">{list.digest.slice(0, 16)}</span> },
        { label: "承诺", value: list.promise },
      ]}
      consequence="一次签署对应整份清单，签署后清单不能修改；各项分别审批。"
      action="签署"
      onBack={onBack}
      onConfirm={() => write.send(list.version)}
      pending={write.pending}
      problem={<WriteProblem problem={write.problem} />}
    />
  );
}
