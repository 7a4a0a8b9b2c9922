import { type ReactNode, useEffect, useState } from "react";
import { signOnAddress } from "@/app/addresses";
import { today } from "@/words/clock";
import { Conflict } from "./Conflict";
import { Deletion } from "./Deletion";
import { Left, whyLeft } from "./Left";
import type { Entry, Visit } from "./store";
import { office, useField } from "./useField";
import { VisitForm } from "./VisitForm";

/** 现场检查: the visits of one inspector, for a phone, with or without a network. */
export function Field(): ReactNode {
  const { state, refresh, write, discardOthers } = useField();
  const [open, setOpen] = useState(() => new URLSearchParams(window.location.search).get("visit") ?? "");
  const waiting = state.entries.filter((entry) => entry.state === "ready").length;
  const visit = state.visits.find((each) => each.id === open);
  const entry = state.entries.find((each) => each.visit === open);
  useEffect(() => {
    window.scrollTo(0, 0);
    window.history.replaceState(null, "", open ? `?visit=${open}` : window.location.pathname);
  }, [open]);
  return (
    <div className="x-field">
      <header className="x-field-head">
        <div>
          {open ? (
            <button type="button" className="x-field-back" onClick={() => setOpen("")}>
              返回列表
            </button>
          ) : (
            <a href={`/w/${office}/checks/mine`}>我的检查</a>
          )}
          <h1>现场检查</h1>
        </div>
        <p role="status" className={waiting > 0 ? "x-field-waiting" : "x-hint"}>
          {waiting > 0 ? `${waiting} 条待上传` : "没有待上传的结果"}
          {state.online ? "" : "，现为离线"}
        </p>
      </header>
      {state.expired && (
        <p className="x-notice x-tone-warning" role="alert">
          登录已过期，已填写的内容保留在本机。
          <a href={signOnAddress(`/field/${office}`)}>重新登录后上传</a>
        </p>
      )}
      {!open && state.others.length > 0 && (
        <Others entries={state.others} onDelete={() => void discardOthers(state.others)} />
      )}
      <main>
        {open && entry?.theirs ? (
          <Conflict entry={entry} theirs={entry.theirs} onChoose={(step) => void write(entry, step).then(refresh)} />
        ) : open && visit && state.owner ? (
          <VisitForm
            key={`${state.owner.member} ${visit.id}`}
            owner={state.owner}
            visit={visit}
            entry={entry}
            onWrite={write}
            onReady={() => {
              setOpen("");
              void refresh();
            }}
          />
        ) : open && entry ? (
          <Left
            entry={entry}
            onGiveUp={() => {
              void write(entry, () => undefined);
              setOpen("");
            }}
          />
        ) : (
          <VisitList
            visits={state.visits}
            entries={state.entries}
            loaded={state.loaded}
            named={state.owner?.name}
            onOpen={setOpen}
          />
        )}
      </main>
      {!open && (
        <footer className="x-field-foot">
          <button type="button" className="x-field-button" onClick={() => void refresh()}>
            {waiting > 0 ? "立即上传" : "刷新"}
          </button>
          <p className="x-hint">未上传的内容保存在本机，上传后即从本机删除。退出登录会删除本人在本机的全部内容。</p>
        </footer>
      )}
    </div>
  );
}

function Others({ entries, onDelete }: { entries: readonly Entry[]; onDelete: () => void }): ReactNode {
  const names = [...new Set(entries.map(({ writer }) => writer))].join("、");
  return (
    <section className="x-panel" aria-label="他人未上传的内容">
      <p>
        本机有 {names} 填写的 {entries.length}{" "}
        条检查结果没有上传。由本人在本机登录后上传，你看不到内容，也不会以你的名义上传。
      </p>
      <Deletion what="删除他人未上传的内容" onDelete={onDelete} />
    </section>
  );
}

function VisitList({
  visits,
  entries,
  loaded,
  named,
  onOpen,
}: {
  visits: readonly Visit[];
  entries: readonly Entry[];
  loaded: boolean;
  named: string | undefined;
  onOpen: (id: string) => void;
}): ReactNode {
  if (!loaded) return <p className="x-hint">正在加载…</p>;
  const day = today();
  const rows = visits.map((visit) => {
    const standing = standingOf(
      visit,
      entries.find((entry) => entry.visit === visit.id),
    );
    return { ...visit, standing, later: visit.planned_on === null || visit.planned_on > day };
  });
  // Somebody else's, cancelled or confirmed by now: what was written on them is still here.
  const left = entries
    .filter((entry) => !visits.some((visit) => visit.id === entry.visit))
    .map((entry) => ({
      id: entry.visit,
      number: entry.number,
      unit_name: "",
      text: entry.form.seen,
      planned_on: "",
      standing: entry.theirs ? standingOf(entry.theirs, entry) : whyLeft(entry),
    }));
  const sections = [
    { title: "不能再提交的", rows: left },
    { title: "今天", rows: rows.filter(({ later }) => !later) },
    { title: "以后", rows: rows.filter(({ later }) => later) },
  ].filter((section) => section.rows.length > 0);
  if (sections.length === 0) {
    return (
      <p className="x-empty">{named ? `${named}目前没有要做的检查。` : "联网并登录后，指派给你的检查会列在这里。"}</p>
    );
  }
  return sections.map((section) => (
    <section key={section.title}>
      <h2>{section.title}</h2>
      <ul className="x-field-list">
        {section.rows.map((row) => (
          <li key={row.id}>
            <button type="button" onClick={() => onOpen(row.id)}>
              <strong className="x-number">{row.number}</strong> {row.unit_name}
              <span className="x-field-text">{row.text}</span>
              <span className="x-hint">
                {row.planned_on} {row.standing}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  ));
}

function standingOf(visit: Visit, entry: Entry | undefined): string {
  if (entry?.theirs) return "另一名检查人已提交，请选择保留哪份";
  if (entry?.problem) return `未能上传：${entry.problem}`;
  if (entry?.state === "ready") return "待上传";
  if (entry) return "已填写，未完成";
  return visit.state === "reported" ? `${visit.reported_by} 已提交，待核对` : "待检查";
}
