import { InboxOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Checkbox, Select } from "antd";
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import {
  formatSize,
  Notice,
  Page,
  Panel,
  ReadyButton,
  refusal,
  today,
  useSession,
  useWrite,
  WriteProblem,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { latestRound, roundsQuery, unitsQuery } from "../rectification/data";
import { importsKey, LEDGER_LIMIT, type NewImport, uploadLedger } from "./data";
import "./imports.css";

/** The first step of an import: whose ledger, about which feedback, and the file. */
export default function NewImportScreen(): ReactNode {
  const { office } = useSession();
  const navigate = useNavigate();
  const { data: units } = useQuery(unitsQuery({ office }));
  const { data: rounds } = useQuery(roundsQuery({ office }));
  const [about, setAbout] = useState<NewImport>({ unit: "", round: "", feedbackOn: "", draft: false });
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState("");
  const [clear, setClear] = useState(false);

  const latest = latestRound(rounds);
  useEffect(() => {
    if (latest)
      setAbout((now) => (now.round ? now : { ...now, round: latest.id, feedbackOn: latest.feedback_on ?? "" }));
  }, [latest]);
  const take = (files: readonly File[]) => {
    const [first] = files;
    if (first === undefined) return;
    const reason = refusal(first, { size: LEDGER_LIMIT, endings: [".xlsx"] });
    setWrong(reason ? `${reason}。请选择 .xlsx 文件；.xls 请先用 Excel 或 WPS 另存为 .xlsx` : "");
    setFile(reason ? null : first);
  };
  const write = useWrite({
    run: (input: { about: NewImport; file: File }) => uploadLedger(office, input.about, input.file),
    refresh: [importsKey, ["tasks"]],
    onDone: (made) => void navigate({ href: `/w/${office}/imports/${made.id}` }),
  });
  return (
    <Page title="导入台账" width="form" note="被巡察单位用 Excel 或 WPS 填写的整改台账，原样上传即可">
      <Panel>
        <WriteProblem problem={write.problem} retry={() => file && write.send({ about, file })} />
        <div className="x-import-about">
          <label htmlFor="unit">
            被巡察单位
            <Select
              id="unit"
              // What is typed and chosen before there is anything to choose would be lost.
              disabled={!units}
              loading={!units}
              showSearch={{ optionFilterProp: "label" }}
              placeholder="选择单位"
              value={about.unit || null}
              options={units?.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(unit) => setAbout({ ...about, unit: unit ?? "" })}
            />
          </label>
          <label htmlFor="round">
            轮次
            <Select
              id="round"
              disabled={!rounds}
              loading={!rounds}
              value={about.round || null}
              options={rounds?.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(round) => {
                const chosen = rounds?.find(({ id }) => id === round);
                setAbout({ ...about, round: round ?? "", feedbackOn: chosen?.feedback_on ?? about.feedbackOn });
              }}
            />
          </label>
          <label htmlFor="feedback">
            反馈日期
            <DayPicker
              id="feedback"
              value={about.feedbackOn}
              onChange={(day) => setAbout({ ...about, feedbackOn: day ?? "" })}
            />
            {about.feedbackOn > today() && <span className="x-standing-danger">反馈日期不能晚于今天</span>}
          </label>
          <Checkbox checked={about.draft} onChange={(event) => setAbout({ ...about, draft: event.target.checked })}>
            还没有反馈，导入后先存为草稿，不发给单位
          </Checkbox>
        </div>
        <FilePlace file={file} take={take} />
        {wrong && (
          <Notice tone="danger" role="alert">
            {wrong}
          </Notice>
        )}
        <Checkbox checked={clear} onChange={(event) => setClear(event.target.checked)}>
          本文件不含国家秘密（本系统不得存储、处理、传输国家秘密）
        </Checkbox>
        <div className="x-form-actions">
          <Button href={`/w/${office}/imports`}>暂不导入</Button>
          <ReadyButton
            type="primary"
            what={[
              about.unit === "" && "被巡察单位",
              about.round === "" && "轮次",
              about.feedbackOn === "" && "反馈日期",
              file === null && "台账文件",
              !clear && "不含国家秘密的确认",
            ]}
            loading={write.pending}
            onClick={() => file && write.send({ about, file })}
          >
            上传并核对
          </ReadyButton>
        </div>
        <p className="x-hint x-import-after">
          上传后先核对，再决定导入。表头位置、合并单元格、「立行立改」「长期坚持」等写法都能识别，看不明白的会逐项请你确认，不会漏行、不会猜测。
        </p>
      </Panel>
    </Page>
  );
}

function FilePlace({ file, take }: { file: File | null; take: (files: readonly File[]) => void }): ReactNode {
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  return (
    <div
      role="group"
      aria-label="台账文件"
      className={over ? "x-import-place x-import-over" : "x-import-place"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <InboxOutlined aria-hidden="true" className="x-import-icon" />
      <p>{file ? `${file.name}（${formatSize(file.size)}）` : "把台账文件拖到这里，或点击选择"}</p>
      <p className="x-hint">.xlsx，不超过 20 MB</p>
      <Button onClick={() => chooser.current?.click()}>{file ? "重新选择" : "选择文件"}</Button>
      <input
        ref={chooser}
        type="file"
        hidden
        accept=".xlsx"
        onChange={(event) => {
          take([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </div>
  );
}
