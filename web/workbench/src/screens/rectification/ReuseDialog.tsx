import { useQuery } from "@tanstack/react-query";
import { Input, Modal, Radio, Select } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  Empty,
  formatInstant,
  formatSize,
  Missing,
  ProblemNotice,
  SearchField,
  say,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { type ItemPage, itemsKey } from "./data";
import { type About, daysOf, storedQuery } from "./evidence";

/** 从本单位已传中选用: the same file proves another item, with an explanation of its own. */
export function ReuseDialog({
  item,
  about,
  onClose,
}: {
  item: ItemPage;
  about: About;
  onClose: () => void;
}): ReactNode {
  const { office } = useSession();
  const [q, setQ] = useState("");
  const [source, setSource] = useState("");
  const [form, setForm] = useState<About>(about);
  const note = form.note?.trim() ?? "";
  const write = useWrite({
    run: (_: undefined, key) =>
      answer(
        api.POST("/v1/offices/{office}/items/{id}/reuse", {
          params: { path: { office, id: item.id } },
          headers: { "Idempotency-Key": key },
          body: { source, measure: form.measure, replaces: form.replaces, note, ...daysOf(form) },
        }),
      ),
    refresh: [itemsKey],
    onDone: ({ name }) => {
      say(`已选用：${name}`);
      onClose();
    },
  });
  const missing = [source === "" && "要选用的文件", note === "" && "说明"];
  return (
    <Modal
      open
      width="min(860px, 96vw)"
      title="从本单位已传中选用"
      okText="选用"
      cancelText="暂不选用"
      confirmLoading={write.pending}
      okButtonProps={{ disabled: source === "" || note === "" }}
      onOk={() => write.send(undefined)}
      onCancel={onClose}
    >
      <p className="x-hint">
        不用重复上传：同一文件可以证明多个事项，审核人会看到它还用在哪里。说明、措施和日期按本事项填写。
      </p>
      <SearchField value={q} onSearch={setQ} placeholder="文件名、说明、事项编号" label="查找已传文件" />
      <StoredList office={office} item={item.id} q={q} source={source} onChoose={setSource} />
      <div className="x-form-grid">
        <label htmlFor="reuse-measure">
          对应措施
          <Select
            id="reuse-measure"
            allowClear
            placeholder="整个事项"
            value={form.measure}
            options={item.measures.map(({ id, seq, text }) => ({
              value: id,
              label: `第 ${seq} 项：${text.slice(0, 40)}`,
            }))}
            onChange={(measure) => setForm({ ...form, measure })}
          />
        </label>
        <label htmlFor="reuse-formed">
          形成日期
          <DayPicker
            id="reuse-formed"
            value={form.formedOn}
            onChange={(day) => setForm({ ...form, formedOn: day ?? undefined })}
          />
        </label>
        <label className="x-wide" htmlFor="reuse-note">
          说明（必填）
          <Input
            id="reuse-note"
            maxLength={500}
            placeholder="这份文件怎样证明本事项"
            value={form.note}
            onChange={(event) => setForm({ ...form, note: event.target.value })}
          />
        </label>
      </div>
      <Missing what={missing} />
      <WriteProblem problem={write.problem} />
    </Modal>
  );
}

function StoredList({
  office,
  item,
  q,
  source,
  onChoose,
}: {
  office: string;
  item: string;
  q: string;
  source: string;
  onChoose: (id: string) => void;
}): ReactNode {
  const { data, error, refetch } = useQuery(storedQuery(office, item, q));
  if (error) return <ProblemNotice problem={error} retry={() => void refetch()} />;
  if (!data) return <p className="x-hint">正在加载…</p>;
  if (data.length === 0)
    return <Empty>{q === "" ? "本单位在其他事项下还没有上传过文件。" : "没有符合条件的文件。"}</Empty>;
  return (
    <div className="x-stored">
      <table className="x-table">
        <thead>
          <tr>
            <th scope="col">文件</th>
            <th scope="col">原用于</th>
            <th scope="col">说明</th>
            <th scope="col">上传</th>
          </tr>
        </thead>
        <tbody>
          {data.map((file) => (
            <tr key={file.id}>
              <th scope="row">
                <Radio checked={source === file.id} onChange={() => onChoose(file.id)}>
                  {file.name}
                </Radio>
                <div className="x-hint x-number">
                  {formatSize(file.size)}
                  {file.taken_at && `，拍摄 ${formatInstant(file.taken_at)}`}
                </div>
              </th>
              <td className="x-number">
                {file.number}
                {file.items > 1 && <div className="x-hint">共用于 {file.items} 个事项</div>}
              </td>
              <td>{file.note || "--"}</td>
              <td>
                {file.by}
                <div className="x-hint x-number">{formatInstant(file.at)}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
