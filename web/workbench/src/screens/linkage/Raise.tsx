import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Input, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  ifMatch,
  Page,
  Panel,
  ProblemNotice,
  ReadyButton,
  say,
  useLeaveGuard,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { linkageKey, type MatterView, matterQuery } from "./data";
import "./linkage.css";

interface Draft {
  title: string;
  tried: string;
  why: string;
  asked: string;
}

const fields: readonly (readonly [key: keyof Draft, title: string])[] = [
  ["tried", "已做工作"],
  ["why", "超出本级的原因"],
  ["asked", "请求事项"],
];

/** 提请统筹: a finding that this office cannot settle alone. */
export default function Raise(): ReactNode {
  const { id } = useParams({ strict: false }) as { id?: string };
  const { finding } = useSearch({ strict: false }) as { finding?: string };
  const { office } = useSession();
  const { data, error } = useQuery({ ...matterQuery(office, id ?? ""), enabled: id !== undefined });
  if (id !== undefined && !data) return <Page title="修改上报事项">{error && <ProblemNotice problem={error} />}</Page>;
  return <Form key={id} edits={data} about={finding} />;
}

function Form({ edits, about }: { edits?: MatterView; about?: string }): ReactNode {
  const { office } = useSession();
  const navigate = useNavigate();
  const [base] = useState(edits); // what the draft is written on, whatever is read meanwhile
  const first: Draft = {
    title: base?.title ?? "",
    tried: base?.tried ?? "",
    why: base?.why ?? "",
    asked: base?.asked ?? "",
  };
  const [now, setNow] = useState(first);
  const [finding, setFinding] = useState(edits?.finding ?? about);
  const write = useWrite({
    run: (version: number, key) => {
      if (edits === undefined) {
        return answer(
          api.POST("/v1/offices/{office}/escalations", {
            params: { path: { office } },
            headers: { "Idempotency-Key": key },
            body: { finding: finding ?? "", ...now },
          }),
        );
      }
      return answer(
        api.PUT("/v1/offices/{office}/escalations/{id}", {
          params: { path: { office, id: edits.id } },
          headers: ifMatch(version),
          body: now,
        }),
      );
    },
    refresh: [linkageKey],
    onDone: ({ id }) => {
      say("已保存草稿");
      void navigate({ href: `/w/${office}/escalations/${id}` });
    },
  });
  useLeaveGuard(JSON.stringify(now) !== JSON.stringify(first) && !write.pending);
  const missing = [
    finding === undefined && "对应的问题",
    now.title.trim() === "" && "事项名称",
    ...fields.map(([key, title]) => now[key].trim() === "" && title),
  ];
  return (
    <Page
      title={edits ? "修改上报事项" : "提请统筹"}
      width="form"
      actions={
        <ReadyButton
          type="primary"
          what={missing}
          loading={write.pending}
          onClick={() => write.send(base?.version ?? 0)}
        >
          保存草稿
        </ReadyButton>
      }
    >
      <WriteProblem
        problem={write.problem}
        mine={{ ...now }}
        fields={[["title", "事项名称"], ...fields]}
        onTheirs={(version) => write.send(version)}
      />
      <Panel>
        <div className="x-stack">
          <FindingField value={finding} fixed={edits} onChange={setFinding} />
          <label htmlFor="matter-title">
            事项名称
            <Input
              id="matter-title"
              maxLength={200}
              value={now.title}
              onChange={(event) => setNow({ ...now, title: event.target.value })}
            />
          </label>
          {fields.map(([key, title]) => (
            <label key={key} htmlFor={`matter-${key}`}>
              {title}
              <Input.TextArea
                id={`matter-${key}`}
                autoSize={{ minRows: 3, maxRows: 12 }}
                maxLength={5000}
                value={now[key]}
                onChange={(event) => setNow({ ...now, [key]: event.target.value })}
              />
            </label>
          ))}
        </div>
      </Panel>
    </Page>
  );
}

// Only findings that are still open can be raised.
function FindingField({
  value,
  fixed,
  onChange,
}: {
  value?: string;
  fixed?: MatterView;
  onChange: (id: string) => void;
}): ReactNode {
  const { office } = useSession();
  const [words, setWords] = useState("");
  const { data } = useQuery({
    queryKey: ["items", office, "pick", words],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/v1/offices/{office}/items", {
          signal,
          params: {
            path: { office },
            query: {
              q: words || undefined,
              limit: 50,
              state: ["open", "working", "returned", "long-term"],
              sort: "number",
            },
          },
        }),
      ),
    enabled: fixed === undefined,
  });
  if (fixed) {
    return (
      <p>
        问题：{fixed.finding_number} {fixed.finding_text}
      </p>
    );
  }
  return (
    <label htmlFor="matter-finding">
      问题
      <Select
        id="matter-finding"
        placeholder="按编号、单位或内容查找"
        showSearch={{ filterOption: false, onSearch: setWords }}
        value={value}
        onChange={onChange}
        options={(data?.items ?? []).map((item) => ({
          value: item.id,
          label: `${item.number} ${item.unit_name} ${item.text}`,
        }))}
      />
    </label>
  );
}
