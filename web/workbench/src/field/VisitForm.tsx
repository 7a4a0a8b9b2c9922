import { type ReactNode, useEffect, useRef, useState } from "react";
import { newKey } from "@/api/client";
import { now } from "@/words/clock";
import { formatInstant } from "@/words/dates";
import { shrink } from "./photo";
import type { Entry, Form, Owner, Shot, Step, Verdict, Visit } from "./store";
import { newPhotoId } from "./useField";
import { completed, edited, located, photographed, useWriting, type Writing, without } from "./writing";

/** 结论, as people say it. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  real: "真改",
  partial: "部分",
  unchanged: "未改",
  doubtful: "存疑",
};

const votes = { content: "满意", fair: "基本满意", discontent: "不满意" } as const;
const mostPhotos = 9;

// A visit that was returned goes on from what was handed in: what the form does not show must not be lost by it.
function begun(visit: Visit, owner: Owner): Entry {
  return {
    visit: visit.id,
    office: owner.office,
    member: owner.member,
    writer: owner.name,
    number: visit.number,
    base: visit.version,
    state: "draft",
    key: "",
    shots: [],
    form: {
      verdict: visit.verdict,
      seen: visit.seen,
      place: visit.place,
      visitedAt: visit.visited_at ?? "",
      content: visit.content,
      fair: visit.fair,
      discontent: visit.discontent,
      consent: visit.latitude !== null,
      latitude: visit.latitude,
      longitude: visit.longitude,
    },
  };
}

/** One problem per screen: what was seen, where, how the people present see it, pictures. Every change is kept at once. */
export function VisitForm({
  owner,
  visit,
  entry: kept,
  onWrite,
  onReady,
}: {
  owner: Owner;
  visit: Visit;
  entry: Entry | undefined;
  onWrite: (of: Pick<Entry, "member" | "visit">, step: Step) => Promise<void>;
  onReady: () => void;
}): ReactNode {
  const { entry, change } = useWriting(kept, () => begun(visit, owner), onWrite);
  const [problem, setProblem] = useState(kept?.problem ?? "");
  const [busy, setBusy] = useState(false);
  const { form } = entry;
  const write = async (writing: Writing) => {
    setProblem("");
    const done = await change(writing);
    if (!done) setProblem("本机空间不足，内容没有保存。请清理手机空间后再填写。");
    return done;
  };
  const set = (part: Partial<Form>) => void write(edited(part, now().toISOString()));
  const [least = 0, most = 100] = visit.votes;
  const present = form.content + form.fair + form.discontent;
  const missing = [
    form.verdict === "" && "结论",
    form.seen.trim() === "" && "看到了什么",
    form.place.trim() === "" && "地点",
    (present < least || present > most) && `${least} 至 ${most} 人的满意度`,
  ].filter((each) => each !== false);
  return (
    <form
      className="x-field-form"
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        void write(completed(newKey(), now().toISOString())).then((done) => (done ? onReady() : setBusy(false)));
      }}
    >
      <section className="x-panel">
        <h2>
          <span className="x-number">{visit.number}</span> {visit.unit_name}
        </h2>
        <p className="x-lines">{visit.text}</p>
        <p className="x-hint x-lines">单位所称：{visit.progress || "没有填报"}</p>
        {visit.return_note && <p className="x-notice x-tone-warning">退回补充：{visit.return_note}</p>}
      </section>
      <label htmlFor="field-seen">
        到现场看到了什么
        <textarea
          id="field-seen"
          rows={5}
          maxLength={2000}
          value={form.seen}
          onChange={(event) => set({ seen: event.target.value })}
        />
      </label>
      <fieldset>
        <legend>结论</legend>
        <div className="x-field-choices">
          {Object.entries(verdictWords)
            .filter(([value]) => visit.nth === 1 || value !== "doubtful")
            .map(([value, word]) => (
              <label key={value}>
                <input
                  type="radio"
                  name="verdict"
                  checked={form.verdict === value}
                  onChange={() => set({ verdict: value as Verdict })}
                />
                {word}
              </label>
            ))}
        </div>
      </fieldset>
      <label htmlFor="field-place">
        地点
        <input
          id="field-place"
          maxLength={200}
          value={form.place}
          onChange={(event) => set({ place: event.target.value })}
        />
      </label>
      {form.visitedAt !== "" && (
        <p className="x-hint">
          检查时间 <span className="x-number">{formatInstant(form.visitedAt)}</span>{" "}
          <button type="button" className="x-plain-button" onClick={() => set({ visitedAt: now().toISOString() })}>
            改为现在
          </button>
        </p>
      )}
      <Position form={form} set={set} onPlace={(place) => void write(place)} />
      <fieldset>
        <legend>
          在场群众评价（{least} 至 {most} 人，只记人数，不记姓名）
        </legend>
        <div className="x-field-votes">
          {Object.entries(votes).map(([key, word]) => (
            <label key={key} htmlFor={`field-${key}`}>
              {word}
              <input
                id={`field-${key}`}
                type="number"
                inputMode="numeric"
                min={0}
                max={most}
                value={form[key as keyof typeof votes]}
                onChange={(event) =>
                  set({ [key]: Math.max(0, Math.min(most, Math.trunc(Number(event.target.value)))) })
                }
              />
            </label>
          ))}
        </div>
      </fieldset>
      <Shots entry={entry} visit={visit} write={write} fail={setProblem} onBusy={setBusy} />
      {problem && (
        <p className="x-notice x-tone-danger" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="x-field-button x-field-main" disabled={busy || missing.length > 0}>
        完成并上传
      </button>
      <p className="x-hint" role="status">
        {missing.length > 0 ? `还缺：${missing.join("、")}` : "离线时先保存在本机，联网后自动上传。"}
      </p>
    </form>
  );
}

function Position({
  form,
  set,
  onPlace,
}: {
  form: Form;
  set: (part: Partial<Form>) => void;
  onPlace: (place: Writing) => void;
}): ReactNode {
  const [said, setSaid] = useState("");
  const ask = (consent: boolean) => {
    setSaid("");
    set({ consent, latitude: null, longitude: null });
    if (!consent) return;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => onPlace(located(coords.latitude, coords.longitude)),
      () => setSaid("没有取得位置，只记录填写的地点。"),
      { timeout: 15_000 },
    );
  };
  return (
    <div>
      <label className="x-field-check">
        <input type="checkbox" checked={form.consent} onChange={(event) => ask(event.target.checked)} />
        同意记录当前位置坐标（可不选）
      </label>
      {form.latitude !== null && form.longitude !== null && (
        <p className="x-hint x-number">
          {form.latitude.toFixed(5)}, {form.longitude.toFixed(5)}
        </p>
      )}
      {said && <p className="x-hint">{said}</p>}
    </div>
  );
}

function Shots({
  entry,
  visit,
  write,
  fail,
  onBusy,
}: {
  entry: Entry;
  visit: Visit;
  write: (writing: Writing) => Promise<boolean>;
  fail: (problem: string) => void;
  onBusy: (busy: boolean) => void;
}): ReactNode {
  const room = ({ shots }: Entry) => mostPhotos - new Set([...visit.photos, ...shots].map(({ id }) => id)).size;
  const left = room(entry);
  const adding = useRef(0);
  const add = async (files: readonly File[]) => {
    const shots: Shot[] = [];
    let wrong = false;
    adding.current += 1;
    onBusy(true);
    for (const file of files.slice(0, left)) {
      try {
        shots.push({ id: newPhotoId(), takenAt: now().toISOString(), blob: await shrink(file), sent: false });
      } catch {
        wrong = true;
      }
    }
    if (shots.length > 0) await write(photographed(shots, room));
    if (wrong) fail("有文件不是照片，没有添加。");
    adding.current -= 1;
    onBusy(adding.current > 0);
  };
  return (
    <fieldset>
      <legend>
        现场照片（最多 {mostPhotos} 张{visit.photos.length > 0 && `，已上传 ${visit.photos.length} 张`}）
      </legend>
      <label className="x-field-button x-field-camera">
        拍照
        <input
          type="file"
          accept="image/*"
          capture="environment"
          multiple
          disabled={left <= 0}
          onChange={(event) => {
            void add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </label>
      <ul className="x-field-shots">
        {entry.shots.map((shot, at) => (
          <li key={shot.id}>
            <Preview blob={shot.blob} name={`照片 ${at + 1}`} />
            <span className="x-hint">{formatInstant(shot.takenAt)}</span>
            {shot.sent ? (
              <span className="x-hint">已上传</span>
            ) : (
              <button type="button" className="x-plain-button" onClick={() => void write(without(shot.id))}>
                删除
              </button>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** A picture that is still here. */
export function Preview({ blob, name }: { blob: Blob; name: string }): ReactNode {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address && <img src={address} alt={name} />;
}
