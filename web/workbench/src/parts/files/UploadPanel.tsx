import { CameraOutlined, UploadOutlined } from "@ant-design/icons";
import { Button, Checkbox, Progress } from "antd";
import { type DragEvent, type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { sentence } from "@/api/problem";
import { formatSize } from "@/words/numbers";
import { useLeaveGuard } from "../form/leave";
import { Notice } from "../show";
import { refusal, type Upload, type UploadLimits, type UploadQueue } from "./upload";
import "./upload.css";

/**
 * A place to put files: drag, choose, paste or photograph; several at once with one list of progress; cancel and retry
 * per file. Nothing is sent before 「本文件不含国家秘密」 is confirmed for the batch; what was chosen before waits for it.
 */
export function UploadPanel<Done>({
  queue,
  limits,
  limitsText,
  disabled,
}: {
  /** Keep it outside the component (useState), so that uploads survive a tab change. */
  queue: UploadQueue<Done>;
  limits: UploadLimits;
  /** 「单个不超过 200 MB；支持 PDF、图片、Office、OFD、MP4」 */
  limitsText: string;
  disabled?: boolean;
}): ReactNode {
  const uploads = useSyncExternalStore(queue.subscribe, queue.uploads);
  const [clear, setClear] = useState(false);
  const [held, setHeld] = useState<readonly File[]>([]);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);

  const take = (files: readonly File[]) => {
    if (files.length === 0 || disabled) return;
    const reasons = files.map((file) => refusal(file, limits));
    setRefused([...new Set(reasons.filter((reason) => reason !== undefined))]);
    const fit = files.filter((_, i) => reasons[i] === undefined);
    if (clear) queue.add(fit);
    else setHeld([...new Map([...held, ...fit].map((file) => [print(file), file])).values()]);
  };
  const confirm = (confirmed: boolean) => {
    setClear(confirmed);
    if (!confirmed) return;
    queue.add(held);
    setHeld([]);
  };
  usePastedFiles(take);
  useNetworkBack(queue);
  const waits = held.length > 0 || uploads.some(({ state }) => state === "paused");
  useLeaveGuard(waits, waits || uploads.some(({ state }) => state === "waiting" || state === "sending"));

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  const done = uploads.filter(({ state }) => state === "done").length;
  return (
    <section className="x-upload" aria-label="上传文件">
      <Checkbox checked={clear} disabled={disabled} onChange={(event) => confirm(event.target.checked)}>
        本批文件不含国家秘密（本系统不得存储、处理、传输国家秘密）
      </Checkbox>
      <div
        role="group"
        className={over ? "x-upload-place x-upload-over" : "x-upload-place"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>拖入文件，或点击选择；截图可直接粘贴</p>
        <p className="x-hint">{limitsText}</p>
        <Button icon={<UploadOutlined />} disabled={disabled} onClick={() => chooser.current?.click()}>
          选择文件
        </Button>
        <Button
          className="x-phone-only"
          icon={<CameraOutlined />}
          disabled={disabled}
          onClick={() => camera.current?.click()}
        >
          拍照
        </Button>
        <Chooser field={chooser} accept={limits.endings.join()} multiple take={take} />
        <Chooser field={camera} accept="image/*" capture take={take} />
      </div>
      {refused.length > 0 && (
        <Notice tone="danger" role="alert">
          <ul>
            {refused.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Notice>
      )}
      {held.length > 0 && (
        <>
          <p role="status" className="x-standing-warning">
            已选 {held.length} 个文件，尚未上传：请先勾选「本批文件不含国家秘密」
          </p>
          <ul className="x-upload-list">
            {held.map((file) => (
              <li key={print(file)}>
                <FileName file={file} />
                <div className="x-hint">等待确认</div>
                <div>
                  <button
                    type="button"
                    className="x-plain-button"
                    onClick={() => setHeld(held.filter((each) => each !== file))}
                  >
                    取消<span className="x-hidden">{file.name}</span>
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {uploads.length > 0 && (
        <>
          <p role="status" className="x-number">
            已上传 {done}/{uploads.length + queue.cancelled()}
            {queue.cancelled() > 0 && `，已取消 ${queue.cancelled()} 个`}
          </p>
          <ul className="x-upload-list">
            {uploads.map((upload) => (
              <UploadLine key={upload.key} upload={upload} queue={queue} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Chooser({
  field,
  take,
  accept,
  multiple,
  capture,
}: {
  field: React.RefObject<HTMLInputElement | null>;
  take: (files: readonly File[]) => void;
  accept: string;
  multiple?: boolean;
  capture?: boolean;
}): ReactNode {
  return (
    <input
      ref={field}
      type="file"
      hidden
      accept={accept}
      multiple={multiple}
      capture={capture ? "environment" : undefined}
      onChange={(event) => {
        take([...(event.target.files ?? [])]);
        event.target.value = ""; // the same file may be chosen again
      }}
    />
  );
}

// The same file chosen twice is one file.
function print(file: File): string {
  return `${file.name} ${file.size} ${file.lastModified}`;
}

function FileName({ file }: { file: File }): ReactNode {
  return (
    <div className="x-upload-name">
      {file.name} <span className="x-hint x-number">{formatSize(file.size)}</span>
    </div>
  );
}

function UploadLine<Done>({ upload, queue }: { upload: Upload<Done>; queue: UploadQueue<Done> }): ReactNode {
  const { key, file, state, sent, problem } = upload;
  const percent = file.size === 0 ? 0 : Math.floor((sent * 100) / file.size);
  return (
    <li>
      <FileName file={file} />
      {state === "sending" && <Progress percent={percent} size="small" aria-label={`${file.name} 上传进度`} />}
      <div className={problem ? "x-standing-danger" : "x-hint"}>{uploadWords(upload)}</div>
      <div>
        {state === "paused" && (
          <button type="button" className="x-plain-button" onClick={() => queue.retry(key)}>
            继续上传
            <span className="x-hidden">{file.name}</span>
          </button>
        )}
        {state !== "done" && (
          <button type="button" className="x-plain-button" onClick={() => queue.cancel(key)}>
            取消<span className="x-hidden">{file.name}</span>
          </button>
        )}
      </div>
    </li>
  );
}

function uploadWords<Done>({ state, problem }: Upload<Done>): string {
  switch (state) {
    case "waiting":
      return "等待上传";
    case "paused":
      return problem?.status === 0 ? "未上传：网络中断。已保留，可继续" : `未上传：${problem ? sentence(problem) : ""}`;
    case "refused":
      return `未上传：${problem ? sentence(problem) : ""}`;
    case "done":
      return "已上传";
    default:
      return "";
  }
}

// A pasted screenshot is a file like any other; pasted text stays text.
function usePastedFiles(take: (files: readonly File[]) => void): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      latest.current(files);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, []);
}

function useNetworkBack<Done>(queue: UploadQueue<Done>): void {
  useEffect(() => {
    const back = () => queue.retryPaused();
    window.addEventListener("online", back);
    return () => window.removeEventListener("online", back);
  }, [queue]);
}
