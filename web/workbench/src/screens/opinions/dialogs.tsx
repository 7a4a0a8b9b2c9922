import { useQuery } from "@tanstack/react-query";
import { Checkbox, Input, Modal, Radio, Select } from "antd";
import { type ReactNode, useState } from "react";
import { answer, api, ifMatch, say, untilComplete, useSession, useWrite, WriteProblem } from "@/parts";
import { alikeQuery, candidatesQuery, type Opinion, type Reason, reasons, refresh } from "./data";

interface Props {
  opinion: Opinion;
  onClose: () => void;
}

/** A dialog about one opinion: it sends with the version that was read, and closes when it was taken. */
function Deciding({
  opinion,
  onClose,
  title,
  ok,
  missing,
  run,
  children,
}: Props & {
  title: string;
  ok: string;
  missing: readonly (string | false)[];
  run: (headers: { "If-Match": string; "Idempotency-Key": string }) => Promise<Opinion>;
  children: ReactNode;
}): ReactNode {
  const write = useWrite({
    run: (version: number, key) => run({ ...ifMatch(version), "Idempotency-Key": key }),
    refresh,
    onDone: () => {
      say(`已${title}：${opinion.number}`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={`${title} ${opinion.number}`}
      okText={ok}
      cancelText="暂不办理"
      confirmLoading={write.pending}
      {...untilComplete(missing)}
      onOk={() => write.send(opinion.version)}
      onCancel={onClose}
    >
      <WriteProblem problem={write.problem} onTheirs={(latest) => write.send(latest)} />
      {children}
    </Modal>
  );
}

/** Which finding it is about; what the writer chose stands first. */
function FindingField({
  opinion,
  value,
  onChange,
}: {
  opinion: Opinion;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}): ReactNode {
  const { office } = useSession();
  const findings = useQuery(candidatesQuery(office, opinion.id)).data;
  return (
    <label htmlFor="opinion-finding">
      关联问题{opinion.item ? `（群众选的是第${opinion.item}条）` : ""}
      <Select
        id="opinion-finding"
        allowClear
        className="x-wide"
        placeholder="不针对某一条"
        value={value}
        options={(findings ?? []).map(({ id, no, number, title }) => ({
          value: id,
          label: `第${no}条 ${number} ${title}`,
        }))}
        onChange={(id: string | undefined) => onChange(id)}
      />
    </label>
  );
}

/** The finding that a dialog begins with: what was linked, or what the writer chose. */
function useFinding(opinion: Opinion) {
  const { office } = useSession();
  const findings = useQuery(candidatesQuery(office, opinion.id)).data;
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const first = opinion.finding ?? findings?.find(({ no }) => no === opinion.item)?.id;
  return [
    chosen === undefined ? first : (chosen ?? undefined),
    (id: string | undefined) => setChosen(id ?? null),
  ] as const;
}

/** 选登: what was said, with parts left out. */
export function FeatureDialog({ opinion, onClose }: Props): ReactNode {
  const { office } = useSession();
  const [text, setText] = useState(opinion.proposed);
  const [named, setNamed] = useState(false);
  const [finding, setFinding] = useFinding(opinion);
  return (
    <Deciding
      opinion={opinion}
      onClose={onClose}
      title="选登"
      ok="选登"
      missing={[text.trim() === "" && "公开的文字"]}
      run={(headers) =>
        answer(
          api.POST("/v1/offices/{office}/opinions/{id}/feature", {
            params: { path: { office, id: opinion.id } },
            headers,
            body: { text, named, finding },
          }),
        )
      }
    >
      {opinion.proposed !== opinion.text && <p>个人信息已换成 ***，请核对后再选登</p>}
      <label htmlFor="opinion-text">
        公开的文字
        <Input.TextArea
          id="opinion-text"
          autoSize={{ minRows: 4, maxRows: 12 }}
          maxLength={1500}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p className="x-hint">只能删减原文，删去的地方写 ***；不能改写，也不能添加</p>
      {opinion.name && (
        <p>
          <Checkbox checked={named} onChange={(event) => setNamed(event.target.checked)}>
            公开称呼“{opinion.name}”（是真名的不要公开）
          </Checkbox>
        </p>
      )}
      <FindingField opinion={opinion} value={finding} onChange={setFinding} />
      <p className="x-hint">选登后约一分钟内在通报页出现</p>
    </Deciding>
  );
}

/** 不登: the opinion stays, with the reason. */
export function DeclineDialog({ opinion, onClose }: Props): ReactNode {
  const { office } = useSession();
  const [reason, setReason] = useState<Reason | "">(opinion.may_show ? "" : "unwilling");
  const [note, setNote] = useState("");
  const [finding, setFinding] = useFinding(opinion);
  return (
    <Deciding
      opinion={opinion}
      onClose={onClose}
      title="不登"
      ok="不登"
      missing={[reason === "" && "理由"]}
      run={(headers) =>
        answer(
          api.POST("/v1/offices/{office}/opinions/{id}/decline", {
            params: { path: { office, id: opinion.id } },
            headers,
            body: { reason: reason as Reason, note, finding },
          }),
        )
      }
    >
      <Radio.Group
        aria-label="理由"
        value={reason}
        options={Object.entries(reasons).map(([value, label]) => ({ value, label }))}
        onChange={(event) => setReason(event.target.value as Reason)}
      />
      <p className="x-hint">未选登不影响办理：广告、攻击他人和与本页无关的以外，仍应答复</p>
      <label htmlFor="opinion-note">
        办理说明（选填，只在内部可见）
        <Input id="opinion-note" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <FindingField opinion={opinion} value={finding} onChange={setFinding} />
    </Deciding>
  );
}

/** 转办: whoever it was handed on to is told to its writer. */
export function PassDialog({ opinion, onClose }: Props): ReactNode {
  const { office } = useSession();
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  return (
    <Deciding
      opinion={opinion}
      onClose={onClose}
      title="转办"
      ok="登记转办"
      missing={[to.trim() === "" && "转办单位"]}
      run={(headers) =>
        answer(
          api.POST("/v1/offices/{office}/opinions/{id}/pass", {
            params: { path: { office, id: opinion.id } },
            headers,
            body: { to, note },
          }),
        )
      }
    >
      <label htmlFor="opinion-to">
        转办单位（写单位，不写个人；群众凭查询码可以看到）
        <Input id="opinion-to" maxLength={50} value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <label htmlFor="opinion-pass-note">
        办理说明（选填，只在内部可见）
        <Input id="opinion-pass-note" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
    </Deciding>
  );
}

/** 合并: the writer reads the other's answer. */
export function MergeDialog({ opinion, onClose }: Props): ReactNode {
  const { office } = useSession();
  const [into, setInto] = useState<string>();
  const alike = useQuery(alikeQuery(office, opinion.notice)).data;
  return (
    <Deciding
      opinion={opinion}
      onClose={onClose}
      title="合并"
      ok="并入"
      missing={[!into && "并入哪一条"]}
      run={(headers) =>
        answer(
          api.POST("/v1/offices/{office}/opinions/{id}/merge", {
            params: { path: { office, id: opinion.id } },
            headers,
            body: { into: into as string },
          }),
        )
      }
    >
      <label htmlFor="opinion-into">
        并入同一通报的另一条意见
        <Select
          id="opinion-into"
          className="x-wide"
          value={into}
          options={(alike ?? [])
            .filter(({ id, state }) => id !== opinion.id && state !== "merged")
            .map(({ id, number, text }) => ({ value: id, label: `${number} ${text.slice(0, 30)}` }))}
          onChange={setInto}
        />
      </label>
      <p className="x-hint">并入后由那一条统一答复，这一条的提交人凭查询码看到同样的答复</p>
    </Deciding>
  );
}

/** 答复: the writer reads it, and the public if the opinion is shown. */
export function ReplyDialog({ opinion, onClose }: Props): ReactNode {
  const { office } = useSession();
  const [text, setText] = useState(opinion.reply);
  return (
    <Deciding
      opinion={opinion}
      onClose={onClose}
      title="答复"
      ok="答复"
      missing={[text.trim() === "" && "答复内容"]}
      run={(headers) =>
        answer(
          api.POST("/v1/offices/{office}/opinions/{id}/reply", {
            params: { path: { office, id: opinion.id } },
            headers,
            body: { text },
          }),
        )
      }
    >
      <label htmlFor="opinion-reply">
        答复内容
        <Input.TextArea
          id="opinion-reply"
          autoSize={{ minRows: 4, maxRows: 12 }}
          maxLength={500}
          showCount
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p className="x-hint">
        {opinion.state === "featured" ? "答复随意见在通报页公开" : "提交人凭编号和查询码可以看到"}
      </p>
    </Deciding>
  );
}

/** 关联问题 */
export function LinkDialog({ opinion, onClose }: Props): ReactNode {
  const { office } = useSession();
  const [finding, setFinding] = useFinding(opinion);
  return (
    <Deciding
      opinion={opinion}
      onClose={onClose}
      title="关联问题"
      ok="关联"
      missing={[!finding && "问题"]}
      run={(headers) =>
        answer(
          api.POST("/v1/offices/{office}/opinions/{id}/link", {
            params: { path: { office, id: opinion.id } },
            headers,
            body: { finding: finding as string },
          }),
        )
      }
    >
      <FindingField opinion={opinion} value={finding} onChange={setFinding} />
      <p className="x-hint">
        {opinion.not_fixed
          ? "反映未整改到位的意见审核后，问题标注“有群众意见”，并列为存疑信号；单位看不到意见原文"
          : "审核后问题标注“有群众意见”；单位看不到意见原文"}
      </p>
    </Deciding>
  );
}

/** 重新审核: the decision is taken back. */
export function ReopenDialog({ opinion, onClose }: Props): ReactNode {
  const { office } = useSession();
  const [reason, setReason] = useState("");
  const shown = opinion.state === "featured";
  return (
    <Deciding
      opinion={opinion}
      onClose={onClose}
      title={shown ? "撤下" : "重新审核"}
      ok={shown ? "撤下" : "重新审核"}
      missing={[reason.trim() === "" && "原因"]}
      run={(headers) =>
        answer(
          api.POST("/v1/offices/{office}/opinions/{id}/reopen", {
            params: { path: { office, id: opinion.id } },
            headers,
            body: { reason },
          }),
        )
      }
    >
      {shown && <p>通报页约一分钟内不再显示这条意见，意见回到待审</p>}
      <label htmlFor="opinion-reason">
        原因
        <Input id="opinion-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Deciding>
  );
}
