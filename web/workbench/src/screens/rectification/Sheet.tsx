import { Button } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { asProblem, formatSize, type Problem, ProblemNotice, SafeFrame, useSession } from "@/parts";
import type { Evidence } from "./data";
import { fetchEvidence, fetchPreview } from "./evidence";

/** More than this is saved and opened outside; a browser would choke on it. */
const SHOWN_LIMIT = 50 * 1024 * 1024;

/** More pages than this are turned in the PDF itself. */
const LISTED_PAGES = 300;

/** One file, as far as it can be shown. */
export function Sheet({ file, reason }: { file: Evidence; reason: string }): ReactNode {
  if (file.preview) return <OfficeSheet file={file} reason={reason} />;
  if (file.inline && file.size <= SHOWN_LIMIT) return <PlainSheet file={file} reason={reason} />;
  return (
    <p className="x-viewer-sheet x-viewer-none">
      {file.type === "application/ofd"
        ? "OFD 版式文件不能在页面内预览，请下载后用版式阅读软件查看。"
        : `此文件（${formatSize(file.size)}）不能在页面内预览，请下载后查看。`}
    </p>
  );
}

function PlainSheet({ file, reason }: { file: Evidence; reason: string }): ReactNode {
  const { office, below } = useSession();
  const [url, setUrl] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
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
  }, [office, below, file.id, reason]);

  if (problem) return <ProblemNotice problem={problem} />;
  if (url === "") return <p className="x-hint">正在打开 {file.name}…</p>;
  if (file.type.startsWith("image/")) return <Picture url={url} name={file.name} />;
  // biome-ignore lint/a11y/useMediaCaption: evidence is shown as it was handed in
  if (file.type.startsWith("video/")) return <video className="x-viewer-sheet" src={url} controls />;
  return <Pages url={url} name={file.name} pages={file.pages ?? 1} />;
}

/** A Word, Excel or PowerPoint file, as the page that the service makes of it. */
function OfficeSheet({ file, reason }: { file: Evidence; reason: string }): ReactNode {
  const { office, below } = useSession();
  const [html, setHtml] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    fetchPreview({ office, below }, file.id, { reason, signal: abort.signal }).then(
      setHtml,
      (thrown) => abort.signal.aborted || setProblem(asProblem(thrown)),
    );
    return () => abort.abort();
  }, [office, below, file.id, reason]);

  if (problem) return <ProblemNotice problem={problem} />;
  if (html === "") return <p className="x-hint">正在打开 {file.name}…</p>;
  return <SafeFrame className="x-viewer-sheet" title={`预览：${file.name}`} html={html} />;
}

// The browser shows the PDF; the list goes to a page.
function Pages({ url, name, pages }: { url: string; name: string; pages: number }): ReactNode {
  const [page, setPage] = useState(1);
  return (
    <div className="x-viewer-pages">
      {pages > 1 && (
        <nav aria-label="页面列表">
          {Array.from({ length: Math.min(pages, LISTED_PAGES) }, (_, i) => i + 1).map((each) => (
            <button key={each} type="button" aria-current={each === page} onClick={() => setPage(each)}>
              {each}
            </button>
          ))}
        </nav>
      )}
      <iframe key={page} className="x-viewer-sheet" src={`${url}#page=${page}`} title={name} />
    </div>
  );
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
      "0": () => {
        setZoom(1);
        setTurned(0);
      },
      r: () => setTurned((now) => (now + 90) % 360),
    };
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (!(event.target as HTMLElement).closest("input, .ant-select")) act[event.key]?.();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
  // On its side the picture has the frame's height for its width.
  const side = turned % 180 === 90;
  const size = {
    width: `calc(${side ? "100cqh" : "100cqw"} * ${zoom})`,
    height: `calc(${side ? "100cqw" : "100cqh"} * ${zoom})`,
  };
  return (
    <div className="x-viewer-sheet x-picture">
      <div className="x-picture-scroll">
        <div style={{ width: `calc(100cqw * ${zoom})`, height: `calc(100cqh * ${zoom})` }}>
          <img src={url} alt={name} style={{ ...size, transform: `translate(-50%, -50%) rotate(${turned}deg)` }} />
        </div>
      </div>
      <div className="x-picture-tools">
        <Button size="small" onClick={() => closer(0.8)} aria-label="缩小">
          －
        </Button>
        <Button size="small" onClick={() => setZoom(1)} aria-label="适合窗口">
          {Math.round(zoom * 100)}%
        </Button>
        <Button size="small" onClick={() => closer(1.25)} aria-label="放大">
          ＋
        </Button>
        <Button size="small" onClick={() => setTurned((now) => (now + 90) % 360)}>
          旋转
        </Button>
      </div>
    </div>
  );
}
