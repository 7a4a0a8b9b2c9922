import { Button, Input, Modal, Select } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { asProblem, formatSize, type Problem, ProblemNotice, sayProblem, useSession } from "@/parts";
import type { Evidence } from "./data";
import { FileDates, Hints } from "./EvidenceTab";
import { fetchEvidence, saveBlob } from "./evidence";

/** More than this is saved and opened outside; a browser would choke on it. */
const SHOWN_LIMIT = 50 * 1024 * 1024;

/** Looks at evidence: images and PDF here, others saved. Keys: + - 0 r ← →. */
export function Viewer({
  files,
  first,
  onClose,
}: {
  files: readonly Evidence[];
  first: string;
  onClose: () => void;
}): ReactNode {
  const { below } = useSession();
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      files.findIndex((file) => file.id === first),
    ),
  );
  const [beside, setBeside] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [agreed, setAgreed] = useState(below === undefined);
  const file = files[at];
  const turn = (by: number) => setAt((files.length + at + by) % files.length);
  useViewerKeys(turn);
  if (file === undefined) return null;
  const images = files.filter((each) => each.type.startsWith("image/") && each.inline && each.id !== file.id);
  return (
    <Modal
      open
      width="min(1280px, 96vw)"
      className="x-viewer"
      title={file.name}
      onCancel={onClose}
      footer={
        agreed && (
          <>
            <span className="x-hint x-viewer-place x-number">
              {at + 1}/{files.length}
            </span>
            {file.type.startsWith("image/") && images.length > 0 && (
              <Select
                allowClear
                className="x-viewer-beside"
                aria-label="并排对比"
                placeholder="并排对比"
                value={beside}
                options={images.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={(id) => setBeside(id ?? null)}
              />
            )}
            <Button onClick={() => turn(-1)}>上一个</Button>
            <Button onClick={() => turn(1)}>下一个</Button>
            <Save file={file} reason={reason} />
          </>
        )
      }
    >
      {agreed ? (
        <div className="x-viewer-sides">
          <Sheet key={file.id} file={file} reason={reason} />
          {beside && <Sheet key={beside} file={files.find(({ id }) => id === beside) as Evidence} reason={reason} />}
        </div>
      ) : (
        <AskReason reason={reason} setReason={setReason} onAgree={() => setAgreed(true)} />
      )}
      <FileDates file={file} />
      <Hints file={file} />
    </Modal>
  );
}

// While the dialog is open the page's keys rest, so the viewer listens for itself.
function useViewerKeys(turn: (by: number) => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.target as HTMLElement).closest("input, .ant-select")) return;
      if (event.key === "ArrowLeft") turn(-1);
      if (event.key === "ArrowRight") turn(1);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
}

function AskReason({
  reason,
  setReason,
  onAgree,
}: {
  reason: string;
  setReason: (reason: string) => void;
  onAgree: () => void;
}): ReactNode {
  return (
    <div className="x-page-form">
      <label htmlFor="reading-reason">
        查看下级佐证的事由（会记入下级日志）
        <Input id="reading-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      <div className="x-form-actions">
        <Button type="primary" disabled={reason.trim() === ""} onClick={onAgree}>
          查看佐证
        </Button>
      </div>
    </div>
  );
}

function Save({ file, reason }: { file: Evidence; reason: string }): ReactNode {
  const { office, below } = useSession();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      saveBlob(await fetchEvidence({ office, below }, file.id, { inline: false, reason }), file.name);
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button type="primary" loading={busy} onClick={() => void save()}>
      下载原件
    </Button>
  );
}

function Sheet({ file, reason }: { file: Evidence; reason: string }): ReactNode {
  const { office, below } = useSession();
  const [url, setUrl] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const shows = file.inline && file.size <= SHOWN_LIMIT;
  useEffect(() => {
    if (!shows) return;
    const abort = new AbortController();
    let made = "";
    fetchEvidence({ office, below }, file.id, { inline: true, reason, signal: abort.signal }).then(
      (blob) => {
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      (thrown) => abort.signal.aborted || setProblem(asProblem(thrown)),
    );
    return () => {
      abort.abort();
      URL.revokeObjectURL(made);
    };
  }, [shows, office, below, file.id, reason]);

  if (problem) return <ProblemNotice problem={problem} />;
  if (!shows) return <p>此文件（{formatSize(file.size)}）不能在页面内预览，请下载原件查看。</p>;
  if (url === "") return <p className="x-hint">正在打开 {file.name}…</p>;
  if (file.type.startsWith("image/")) return <Picture url={url} name={file.name} />;
  // biome-ignore lint/a11y/useMediaCaption: evidence is shown as it was handed in
  if (file.type.startsWith("video/")) return <video className="x-viewer-sheet" src={url} controls />;
  return <iframe className="x-viewer-sheet" src={url} title={file.name} />;
}

function Picture({ url, name }: { url: string; name: string }): ReactNode {
  const [zoom, setZoom] = useState(1);
  const [turned, setTurned] = useState(0);
  const closer = (by: number) => setZoom((now) => Math.min(8, Math.max(0.25, now * by)));
  useEffect(() => {
    const act: Readonly<Record<string, () => void>> = {
      "+": () => closer(1.25),
      "=": () => closer(1.25),
      "-": () => closer(0.8),
      "0": () => setZoom(1),
      r: () => setTurned((now) => (now + 90) % 360),
    };
    const listen = (event: KeyboardEvent) => {
      if (!(event.target as HTMLElement).closest("input, .ant-select")) act[event.key]?.();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
  return (
    <figure className="x-viewer-sheet x-picture">
      <div className="x-picture-scroll">
        <img src={url} alt={name} style={{ width: `${zoom * 100}%`, transform: `rotate(${turned}deg)` }} />
      </div>
      <figcaption>
        <Button size="small" onClick={() => closer(0.8)} aria-label="缩小">
          －
        </Button>
        <Button size="small" onClick={() => setZoom(1)}>
          {Math.round(zoom * 100)}%
        </Button>
        <Button size="small" onClick={() => closer(1.25)} aria-label="放大">
          ＋
        </Button>
        <Button size="small" onClick={() => setTurned((now) => (now + 90) % 360)}>
          旋转
        </Button>
      </figcaption>
    </figure>
  );
}
