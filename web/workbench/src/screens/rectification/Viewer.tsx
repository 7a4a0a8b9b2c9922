import { Button, Input, Modal, Select } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { formatInstant, ReadyButton, sayProblem, useSession } from "@/parts";
import type { Evidence, ItemPage } from "./data";
import { Elsewhere, FileDates, Hints } from "./EvidenceTab";
import { saveEvidence } from "./evidence";
import { Notes } from "./Notes";
import { Sheet } from "./Sheet";

/** Looks at evidence: pictures, PDF and Office files here, others saved. Keys: + - 0 r ← →. */
export function Viewer({ item, first, onClose }: { item: ItemPage; first: string; onClose: () => void }): ReactNode {
  const { below } = useSession();
  const { files } = item;
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
  const [page, setPage] = useState<number | null>(null);
  const go = (to: number) => {
    setAt(to);
    setPage(null);
  };
  const turn = (by: number) => go((files.length + at + by) % files.length);
  useViewerKeys(turn);
  if (file === undefined) return null;
  const pictures = files.filter((each) => picture(each) && each.id !== file.id);
  const other = picture(file) ? pictures.find(({ id }) => id === beside) : undefined;
  return (
    <Modal
      open
      width="min(1480px, 97vw)"
      style={{ top: 16 }}
      className="x-viewer"
      title={file.name}
      onCancel={onClose}
      footer={
        agreed && (
          <>
            <span className="x-hint x-viewer-place x-number">
              {at + 1}/{files.length}
            </span>
            {picture(file) && pictures.length > 0 && (
              <Select
                allowClear
                className="x-viewer-beside"
                aria-label="并排对比"
                placeholder="并排对比"
                value={other?.id}
                options={pictures.map(({ id, name }) => ({ value: id, label: name }))}
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
        <div className="x-viewer-body">
          {files.length > 1 && <FileList files={files} at={at} go={go} />}
          <div className="x-viewer-sides">
            {(other ? inOrder(file, other) : [{ file, side: undefined }]).map((each) => (
              <figure key={each.file.id}>
                <Sheet
                  key={each.file.id}
                  file={each.file}
                  reason={reason}
                  leaf={{ page: each.file === file ? page : null, turn: setPage }}
                />
                {each.side && (
                  <figcaption>
                    {each.side}：{each.file.name}
                    {each.file.taken_at && (
                      <span className="x-number">（拍摄 {formatInstant(each.file.taken_at)}）</span>
                    )}
                  </figcaption>
                )}
              </figure>
            ))}
          </div>
          {!other && !file.barred && <Notes item={item} file={file} page={page} turn={setPage} />}
        </div>
      ) : (
        <AskReason action="查看佐证" reason={reason} setReason={setReason} onAgree={() => setAgreed(true)} />
      )}
      <FileDates file={file} />
      <Elsewhere file={file} />
      <Hints file={file} />
    </Modal>
  );
}

function picture(file: Evidence): boolean {
  return file.type.startsWith("image/") && file.inline;
}

// Before and after, by when the pictures were taken; side by side without a word where one does not say.
function inOrder(a: Evidence, b: Evidence): { file: Evidence; side: string }[] {
  if (!a.taken_at || !b.taken_at || a.taken_at === b.taken_at) {
    return [
      { file: a, side: "左" },
      { file: b, side: "右" },
    ];
  }
  const [before, after] = a.taken_at < b.taken_at ? [a, b] : [b, a];
  return [
    { file: before, side: "前" },
    { file: after, side: "后" },
  ];
}

function FileList({ files, at, go }: { files: readonly Evidence[]; at: number; go: (at: number) => void }): ReactNode {
  return (
    <nav className="x-viewer-list" aria-label="佐证列表">
      {files.map((file, i) => (
        <button key={file.id} type="button" aria-current={i === at} onClick={() => go(i)}>
          {file.name}
        </button>
      ))}
    </nav>
  );
}

// While the dialog is open the page's keys rest, so the viewer listens for itself.
function useViewerKeys(turn: (by: number) => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.target as HTMLElement).closest("input, textarea, .ant-select")) return;
      if (event.key === "ArrowLeft") turn(-1);
      if (event.key === "ArrowRight") turn(1);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
}

/** Why somebody above takes files of an office below; the office reads it in its journal. */
export function AskReason({
  action,
  reason,
  setReason,
  onAgree,
}: {
  action: string;
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
        <ReadyButton type="primary" what={[reason.trim() === "" && "事由"]} onClick={onAgree}>
          {action}
        </ReadyButton>
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
      await saveEvidence({ office, below }, file.id, { reason });
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  if (file.barred) return null;
  if (file.active && !file.original) {
    return <span className="x-hint">含脚本或内嵌文件，原件只提供给本单位、巡察机构和纪检监察机构</span>;
  }
  return (
    <Button
      type="primary"
      loading={busy}
      title={file.original ? undefined : "原件只提供给本单位、巡察机构和纪检监察机构"}
      onClick={() => void save()}
    >
      {file.original ? "下载原件" : "下载副本（不含拍摄地点）"}
    </Button>
  );
}
