import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Modal, Select } from "antd";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import {
  answer,
  api,
  Day,
  Empty,
  formatInstant,
  formatRange,
  formatSize,
  Notice,
  Panel,
  say,
  sayProblem,
  UploadPanel,
  UploadQueue,
  useSession,
} from "@/parts";
import { DayPicker } from "@/parts/DayPicker";
import { itemHref } from "./addresses";
import { type Evidence, type ItemPage, itemsKey } from "./data";
import { type About, archiveEvidence, evidenceTarget, exportCatalogue, limits, limitsText } from "./evidence";
import { ReuseDialog } from "./ReuseDialog";
import { AskReason, Viewer } from "./Viewer";

/** 佐证 (S16): upload, choose what was uploaded before, list, view, take out. */
export function EvidenceTab({ item }: { item: ItemPage }): ReactNode {
  const attaches = item.allowed.includes("attach");
  return (
    <>
      {attaches && <Upload item={item} />}
      <Panel title="佐证目录" extra={item.files.length > 0 && <WaysOut item={item} />}>
        <EvidenceList item={item} />
      </Panel>
    </>
  );
}

// The catalogue and the files together. Files of an office below need a reason.
function WaysOut({ item }: { item: ItemPage }): ReactNode {
  const { office, below } = useSession();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const take = async (way: () => Promise<void>) => {
    setBusy(true);
    try {
      await way();
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  const pack = () => take(() => archiveEvidence({ office, below }, item.id, reason || undefined));
  return (
    <div className="x-evidence-ways">
      <Button disabled={busy} onClick={() => void take(() => exportCatalogue({ office, below }, [item.id]))}>
        导出佐证目录
      </Button>
      <Button disabled={busy} onClick={() => (below ? setAsking(true) : void pack())}>
        打包下载
      </Button>
      {asking && (
        <Modal open title="打包下载下级佐证" footer={null} onCancel={() => setAsking(false)}>
          <AskReason
            action="打包下载"
            reason={reason}
            setReason={setReason}
            onAgree={() => {
              setAsking(false);
              void pack();
            }}
          />
        </Modal>
      )}
    </div>
  );
}

function Upload({ item }: { item: ItemPage }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const [about, setAbout] = useState<About>({});
  const latest = useRef(about);
  latest.current = about;
  const [reusing, setReusing] = useState(false);
  const [queue] = useState(() => {
    // The place is taken once, whatever comes behind the first file.
    const taken = () => {
      latest.current = { ...latest.current, replaces: undefined };
      setAbout((now) => ({ ...now, replaces: undefined }));
    };
    return new UploadQueue(evidenceTarget(office, item.id, () => latest.current, taken));
  });
  const handedIn = item.files.filter((file) => file.submission !== null && !file.replaced);

  const uploads = useSyncExternalStore(queue.subscribe, queue.uploads);
  const done = uploads.filter(({ state }) => state === "done").length;
  useEffect(() => {
    if (done > 0) void queries.invalidateQueries({ queryKey: itemsKey });
  }, [done, queries]);
  return (
    <Panel title="上传佐证" extra={<Button onClick={() => setReusing(true)}>从本单位已传中选用</Button>}>
      <div className="x-form-grid">
        <label htmlFor="evidence-measure">
          对应措施
          <Select
            id="evidence-measure"
            allowClear
            placeholder="整个事项"
            value={about.measure}
            popupMatchSelectWidth={420}
            options={item.measures.map(({ id, seq, text }) => ({
              value: id,
              label: `第 ${seq} 项：${text.slice(0, 40)}`,
            }))}
            onChange={(measure) => setAbout({ ...about, measure })}
          />
        </label>
        <label htmlFor="evidence-formed">
          形成日期
          <DayPicker
            id="evidence-formed"
            value={about.formedOn}
            onChange={(day) => setAbout({ ...about, formedOn: day ?? undefined })}
          />
        </label>
        <label htmlFor="evidence-from">
          覆盖期间（起）
          <DayPicker
            id="evidence-from"
            value={about.coversFrom}
            onChange={(day) => setAbout({ ...about, coversFrom: day ?? undefined })}
          />
        </label>
        <label htmlFor="evidence-until">
          覆盖期间（止）
          <DayPicker
            id="evidence-until"
            value={about.coversUntil}
            onChange={(day) => setAbout({ ...about, coversUntil: day ?? undefined })}
          />
        </label>
        <label htmlFor="evidence-note">
          说明
          <Input
            id="evidence-note"
            maxLength={500}
            value={about.note}
            onChange={(event) => setAbout({ ...about, note: event.target.value || undefined })}
          />
        </label>
      </div>
      {handedIn.length > 0 && (
        <label className="x-evidence-replaces" htmlFor="evidence-replaces">
          替换已提交的佐证（原件保留）
          <Select
            id="evidence-replaces"
            allowClear
            placeholder="不替换，新增佐证"
            value={about.replaces}
            options={handedIn.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(replaces) => setAbout({ ...about, replaces })}
          />
        </label>
      )}
      <UploadPanel queue={queue} limits={limits} limitsText={limitsText} />
      {reusing && <ReuseDialog item={item} about={about} onClose={() => setReusing(false)} />}
    </Panel>
  );
}

/** The files of an item, by measure. */
export function EvidenceList({ item }: { item: ItemPage }): ReactNode {
  const [shown, setShown] = useState<string | null>(null);
  const seqOf = (id: string | null) => item.measures.find((measure) => measure.id === id)?.seq;
  if (item.files.length === 0) return <Empty>还没有上传佐证。</Empty>;
  return (
    <>
      <div className="x-scroll">
        <table className="x-table">
          <thead>
            <tr>
              <th scope="col">文件</th>
              <th scope="col">对应措施</th>
              <th scope="col">说明</th>
              <th scope="col">形成日期</th>
              <th scope="col">上传</th>
              <th scope="col">校验码</th>
              <th scope="col">办理</th>
            </tr>
          </thead>
          <tbody>
            {item.files.map((file) => (
              <tr key={file.id} className={file.replaced ? "x-replaced" : undefined}>
                <th scope="row">
                  <button type="button" className="x-plain-button x-file-name" onClick={() => setShown(file.id)}>
                    {file.name}
                  </button>
                  <div className="x-hint x-number">{formatSize(file.size)}</div>
                  <Elsewhere file={file} />
                  <Hints file={file} />
                </th>
                <td>{seqOf(file.measure) ? `第 ${seqOf(file.measure)} 项` : "整个事项"}</td>
                <td>{file.note || "--"}</td>
                <td>
                  <Day day={file.formed_on} />
                  {file.covers_from && (
                    <div className="x-hint x-number">覆盖 {formatRange(file.covers_from, file.covers_until)}</div>
                  )}
                  <FileDates file={file} />
                </td>
                <td>
                  {file.by}
                  <div className="x-hint x-number">{formatInstant(file.at)}</div>
                </td>
                <td className="x-number" title={`SHA-256 ${file.sha256}`}>
                  {file.sha256.slice(0, 8)}
                </td>
                <td>
                  <FileActions item={item} file={file} onView={() => setShown(file.id)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown && <Viewer item={item} first={shown} onClose={() => setShown(null)} />}
    </>
  );
}

/** What the file says of itself: when the picture was taken, the document made and last changed, how many pages. */
export function FileDates({ file }: { file: Evidence }): ReactNode {
  const said = [
    file.taken_at && `拍摄 ${formatInstant(file.taken_at)}`,
    file.made_at && `文件创建 ${formatInstant(file.made_at)}`,
    file.edited_at && file.edited_at !== file.made_at && `最后修改 ${formatInstant(file.edited_at)}`,
    file.pages && `${file.pages} 页`,
  ].filter((each) => typeof each === "string");
  return said.map((each) => (
    <div key={each} className="x-hint x-number">
      {each}
    </div>
  ));
}

/** Where else in the unit's items the same file is used; neutral. */
export function Elsewhere({ file }: { file: Evidence }): ReactNode {
  const { office, below } = useSession();
  if (file.elsewhere.length === 0) return null;
  return (
    <div className="x-hint">
      {file.reuses && "选用已传文件；"}同一文件还用于：
      {file.elsewhere.map(({ item, number }, i) => (
        <span key={item}>
          {i > 0 && "、"}
          <a href={itemHref({ office, below }, item, { tab: "evidence" })}>{number}</a>
        </span>
      ))}
    </div>
  );
}

/** Reasons to look twice; no verdicts. */
export function Hints({ file }: { file: Evidence }): ReactNode {
  if (file.hints.length === 0) return null;
  return (
    <ul>
      {file.hints.map((hint) => (
        <li key={hint.code + hint.text} className="x-tag x-tag-wrap x-tone-doubt">
          ？{hint.text}
        </li>
      ))}
    </ul>
  );
}

function FileActions({ item, file, onView }: { item: ItemPage; file: Evidence; onView: () => void }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  // Before it is handed in or named in support of something, a file can be taken back; afterwards it stays, whatever
  // takes its place.
  const mine = item.allowed.includes("attach") && file.submission === null && !file.relied;
  const withdraw = async () => {
    try {
      await answer(api.DELETE("/v1/offices/{office}/evidence/{id}", { params: { path: { office, id: file.id } } }));
      say(`已撤回佐证：${file.name}`);
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      await queries.invalidateQueries({ queryKey: itemsKey });
    }
  };
  return (
    <>
      <button type="button" className="x-plain-button" onClick={onView}>
        查看<span className="x-hidden">{file.name}</span>
      </button>
      {mine && (
        <button type="button" className="x-plain-button" onClick={() => void withdraw()}>
          撤回<span className="x-hidden">{file.name}</span>
        </button>
      )}
      {file.replaced && <span className="x-hint">已被替换</span>}
      {file.encrypted && <Notice tone="warning">加密文件，无法检测</Notice>}
      <Scanned file={file} />
    </>
  );
}

/** Whether the file was looked through for viruses; nothing where nothing was found. */
function Scanned({ file }: { file: Evidence }): ReactNode {
  if (file.scan === "none") return <div className="x-hint">未检测病毒</div>;
  if (file.scan === "waiting") return <Notice tone="warning">待检测：检测完成前只有上传人可以打开</Notice>;
  if (file.scan === "infected") return <Notice tone="danger">已隔离：含病毒（{file.virus}），请重新上传</Notice>;
  return null;
}
