import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { type ReactNode, useState } from "react";
import {
  answer,
  api,
  formatInstant,
  ReadyButton,
  type Role,
  say,
  sayProblem,
  useLocalDraft,
  useSession,
} from "@/parts";
import { type Evidence, type ItemPage, itemsKey, type PageNote } from "./data";
import { notesQuery } from "./evidence";
import { partyNames } from "./words";

/** 批注: what reviewers note on pages of a file, beside it; a click leads to the page. */
export function Notes({
  item,
  file,
  page,
  turn,
}: {
  item: ItemPage;
  file: Evidence;
  page: number | null;
  turn: (page: number) => void;
}): ReactNode {
  const { office, below } = useSession();
  const { data } = useQuery({ ...notesQuery(office, item.id), enabled: below === undefined });
  const notes = (data ?? []).filter(({ evidence }) => evidence === file.id);
  const reviews = below === undefined && item.allowed.includes("opinion");
  if (notes.length === 0 && !reviews) return null;
  return (
    <aside className="x-viewer-notes" aria-label="批注">
      <h3>批注{notes.length > 0 && ` ${notes.length} 条`}</h3>
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <Note key={note.id} note={note} reviews={reviews} turn={turn} />
          ))}
        </ul>
      )}
      {reviews && <NoteForm key={`${file.id} ${page}`} file={file} page={page ?? 1} />}
    </aside>
  );
}

function Note({ note, reviews, turn }: { note: PageNote; reviews: boolean; turn: (page: number) => void }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const withdraw = async () => {
    try {
      await answer(api.DELETE("/v1/offices/{office}/notes/{id}", { params: { path: { office, id: note.id } } }));
      say("已撤回批注");
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      await queries.invalidateQueries({ queryKey: [...itemsKey, office, "notes"] });
    }
  };
  return (
    <li>
      <button type="button" className="x-plain-button x-number" onClick={() => turn(note.page)}>
        第 {note.page} 页
      </button>
      <div>{note.text}</div>
      <div className="x-hint">
        {partyNames[note.party as Role]} {note.by} <span className="x-number">{formatInstant(note.at)}</span>
        {reviews && note.mine && !note.revealed && (
          <button type="button" className="x-plain-button" onClick={() => void withdraw()}>
            撤回<span className="x-hidden">批注：{note.text}</span>
          </button>
        )}
      </div>
    </li>
  );
}

// A note that was begun stays with its page in this browser while others are looked at.
function NoteForm({ file, page }: { file: Evidence; page: number }): ReactNode {
  const { office } = useSession();
  const queries = useQueryClient();
  const local = useLocalDraft<string>(`note:${file.id}:${page}`);
  const [text, setText] = useState(local.draft?.value ?? "");
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await answer(
        api.POST("/v1/offices/{office}/evidence/{id}/notes", {
          params: { path: { office, id: file.id } },
          body: { page, text },
        }),
      );
      setText("");
      local.drop();
      say(`已批注：${file.name} 第 ${page} 页`);
      await queries.invalidateQueries({ queryKey: [...itemsKey, office, "notes"] });
    } catch (thrown) {
      sayProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <label htmlFor="page-note">
        批注第 {page} 页
        <Input.TextArea
          id="page-note"
          rows={4}
          maxLength={500}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            local.keep(event.target.value);
          }}
        />
      </label>
      <p className="x-hint">提交审核意见前可撤回。各方意见交齐前只有本方可见，退回时随退回意见送单位。</p>
      <div className="x-form-actions">
        <ReadyButton loading={busy} what={[text.trim() === "" && "批注"]} onClick={() => void save()}>
          保存批注
        </ReadyButton>
      </div>
    </>
  );
}
