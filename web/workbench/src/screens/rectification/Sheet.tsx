import { Button, InputNumber } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { asProblem, formatSize, type Problem, ProblemNotice, SafeFrame, useSession } from "@/parts";
import type { Evidence } from "./data";
import { fetchEvidence, fetchLeaf, fetchPreview } from "./evidence";

/** More than this is saved and opened outside; a browser would choke on it. */
const SHOWN_LIMIT = 50 * 1024 * 1024;

/** More pages than this are not listed; one names the page. */
const LISTED_PAGES = 300;

/** The page that is looked at; null for none in particular. */
export interface Leaf {
  page: number | null;
  turn: (page: number | null) => void;
}

/** One file, as far as it can be shown. */
export function Sheet({ file, reason, leaf }: { file: Evidence; reason: string; leaf: Leaf }): ReactNode {
  if (file.barred) return <p className="x-viewer-sheet x-viewer-none">{file.barred}</p>;
  if (file.leaves && file.size <= SHOWN_LIMIT) return <PdfSheet file={file} reason={reason} leaf={leaf} />;
  if (file.preview) return <OfficeSheet file={file} reason={reason} leaf={leaf} />;
  if (file.inline && file.size <= SHOWN_LIMIT) return <PlainSheet file={file} reason={reason} />;
  return (
    <p className="x-viewer-sheet x-viewer-none">
      {file.type === "application/ofd"
        ? "OFD 版式文件不能在页面内预览，请下载后用版式阅读软件查看。"
        : `此文件（${formatSize(file.size)}）不能在页面内预览，请下载后查看。`}
    </p>
  );
}

/** What a fetch brings, as an address that the browser shows; fetched anew when `what` changes. */
function useShown(
  what: string,
  fetching: (signal: AbortSignal) => Promise<Blob>,
): { url: string; problem: Problem | null } {
  const [shown, setShown] = useState({ url: "", problem: null as Problem | null });
  const latest = useRef(fetching);
  latest.current = fetching;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `what` says when there is something else to fetch
  useEffect(() => {
    const abort = new AbortController();
    let made = "";
    setShown({ url: "", problem: null });
    latest.current(abort.signal).then(
      (blob) => {
        if (abort.signal.aborted) return;
        made = URL.createObjectURL(blob);
        setShown({ url: made, problem: null });
      },
      (thrown) => abort.signal.aborted || setShown({ url: "", problem: asProblem(thrown) }),
    );
    return () => {
      abort.abort();
      URL.revokeObjectURL(made);
    };
  }, [what]);
  return shown;
}

function PlainSheet({ file, reason }: { file: Evidence; reason: string }): ReactNode {
  const { office, below } = useSession();
  const { url, problem } = useShown([office, below, file.id, reason].join(), (signal) =>
    fetchEvidence({ office, below }, file.id, { inline: true, reason, signal }),
  );
  if (problem) return <ProblemNotice problem={problem} />;
  if (url === "") return <p className="x-hint">正在打开 {file.name}…</p>;
  if (file.type.startsWith("image/")) return <Picture url={url} name={file.name} />;
  // biome-ignore lint/a11y/useMediaCaption: evidence is shown as it was handed in
  return <video className="x-viewer-sheet" src={url} controls />;
}

/** A Word, Excel or PowerPoint file, as the page that the service makes of it; of sheets and slides one alone, if chosen. */
function OfficeSheet({ file, reason, leaf }: { file: Evidence; reason: string; leaf: Leaf }): ReactNode {
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
  const parts = html.match(/<main id="p\d+"/g)?.length ?? 1;
  const chosen = leaf.page !== null && leaf.page <= parts && parts > 1 ? leaf.page : null;
  const one = chosen ? html.replace("</style>", `main:not(#p${chosen - 1}) { display: none }</style>`) : html;
  return (
    <div className="x-viewer-pages">
      {parts > 1 && (
        <nav aria-label="选择页面">
          <button type="button" aria-current={chosen === null} onClick={() => leaf.turn(null)}>
            全部
          </button>
          <PageButtons count={parts} page={chosen} turn={leaf.turn} />
        </nav>
      )}
      <SafeFrame className="x-viewer-sheet" title={`预览：${file.name}`} html={one} />
    </div>
  );
}

/** A PDF, page by page, as pictures: nothing in it runs. Keys: PageUp PageDown. */
function PdfSheet({ file, reason, leaf }: { file: Evidence; reason: string; leaf: Leaf }): ReactNode {
  const { office, below } = useSession();
  const page = leaf.page ?? 1;
  const { url, problem } = useShown([office, below, file.id, reason, page].join(), (signal) =>
    fetchLeaf({ office, below }, file.id, page, { reason, signal }),
  );
  // How many pages there are is not always said: then one turns until there is none.
  const last = file.pages ?? (problem ? page : page + 1);
  usePageKeys((by) => {
    if (page + by >= 1 && page + by <= last) leaf.turn(page + by);
  });
  return (
    <div className="x-viewer-pages">
      {last > 1 && (
        <nav aria-label="页面列表">
          <PageButtons count={Math.min(last, LISTED_PAGES)} page={page} turn={leaf.turn} />
          {last > LISTED_PAGES && (
            <InputNumber
              aria-label="到第几页"
              size="small"
              min={1}
              max={last}
              value={page}
              onChange={(to) => to && leaf.turn(to)}
            />
          )}
        </nav>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {!problem && url === "" && <p className="x-hint">正在打开 {file.name}…</p>}
      {url && <Picture url={url} name={`${file.name} 第 ${page} 页`} />}
    </div>
  );
}

function PageButtons({
  count,
  page,
  turn,
}: {
  count: number;
  page: number | null;
  turn: (page: number) => void;
}): ReactNode {
  return Array.from({ length: count }, (_, i) => i + 1).map((each) => (
    <button key={each} type="button" aria-current={each === page} onClick={() => turn(each)}>
      {each}
    </button>
  ));
}

function usePageKeys(turn: (by: number) => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "PageUp" && event.key !== "PageDown") return;
      if ((event.target as HTMLElement).closest("input, textarea, .ant-select")) return;
      event.preventDefault();
      turn(event.key === "PageUp" ? -1 : 1);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
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
      if (!(event.target as HTMLElement).closest("input, textarea, .ant-select")) act[event.key]?.();
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
