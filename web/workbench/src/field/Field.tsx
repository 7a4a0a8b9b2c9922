import { type ReactNode, useEffect, useState } from "react";
import { signOnAddress } from "@/app/addresses";
import { today } from "@/words/clock";
import { Conflict } from "./Conflict";
import type { Entry, Visit } from "./store";
import { office, useField } from "./useField";
import { VisitForm } from "./VisitForm";

/** 现场检查: the visits of one inspector, for a phone, with or without a network. */
export function Field(): ReactNode {
  const { state, refresh, write } = useField();
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
      <main>
        {open && entry?.theirs ? (
          <Conflict
            entry={entry}
            theirs={entry.theirs}
            onChoose={(step) => void write(entry.visit, step).then(refresh)}
          />
        ) : open && visit ? (
          <VisitForm
            key={visit.id}
            visit={visit}
            entry={entry}
            onWrite={(step) => write(visit.id, step)}
            onReady={() => {
              setOpen("");
              void refresh();
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
          <p className="x-hint">未上传的内容保存在本机，上传后即从本机删除。退出登录会删除全部本机内容。</p>
        </footer>
      )}
    </div>
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
  const sections = [
    { title: "今天", rows: visits.filter((visit) => visit.planned_on !== null && visit.planned_on <= day) },
    { title: "以后", rows: visits.filter((visit) => visit.planned_on === null || visit.planned_on > day) },
  ].filter(({ rows }) => rows.length > 0);
  if (sections.length === 0) {
    return (
      <p className="x-empty">{named ? `${named}目前没有要做的检查。` : "联网并登录后，指派给你的检查会列在这里。"}</p>
    );
  }
  return sections.map(({ title, rows }) => (
    <section key={title}>
      <h2>{title}</h2>
      <ul className="x-field-list">
        {rows.map((visit) => (
          <li key={visit.id}>
            <button type="button" onClick={() => onOpen(visit.id)}>
              <strong className="x-number">{visit.number}</strong> {visit.unit_name}
              <span className="x-field-text">{visit.text}</span>
              <span className="x-hint">
                {visit.planned_on}{" "}
                {standingOf(
                  visit,
                  entries.find((entry) => entry.visit === visit.id),
                )}
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
