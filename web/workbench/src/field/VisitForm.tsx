import { type ReactNode, useEffect, useState } from "react";
import { now } from "@/words/clock";
import { formatInstant } from "@/words/dates";
import { shrink } from "./photo";
import type { Entry, Form, Shot, Verdict, Visit } from "./store";
import { newPhotoId, office } from "./useField";

/** 结论, as people say it. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  real: "真改",
  partial: "部分",
  unchanged: "未改",
  doubtful: "存疑",
};

const votes = { content: "满意", fair: "基本满意", discontent: "不满意" } as const;
const mostPhotos = 9;

function begun(visit: Visit): Entry {
  return {
    visit: visit.id,
    office,
    number: visit.number,
    base: visit.version,
    state: "draft",
    key: "",
    shots: [],
    form: {
      verdict: visit.verdict,
      seen: visit.seen,
      place: visit.place,
      visitedAt: "",
      content: visit.content,
      fair: visit.fair,
      discontent: visit.discontent,
      consent: false,
      latitude: null,
      longitude: null,
    },
  };
}

/** One problem per screen: what was seen, where, how the people present see it, pictures. Every change is kept at once. */
export function VisitForm({
  visit,
  entry: kept,
  onWrite,
  onReady,
}: {
  visit: Visit;
  entry: Entry | undefined;
  onWrite: (entry: Entry) => Promise<void>;
  onReady: (entry: Entry) => Promise<void>;
}): ReactNode {
  const [entry, setEntry] = useState(() => kept ?? begun(visit));
  const [problem, setProblem] = useState(kept?.problem ?? "");
  const { form } = entry;
  const write = (next: Entry) => {
    const draft: Entry = { ...next, state: "draft", problem: undefined };
    setEntry(draft);
    setProblem("");
    void onWrite(draft).catch(() => setProblem("本机空间不足，内容没有保存。请清理手机空间后再填写。"));
  };
  const set = (part: Partial<Form>) => {
    write({ ...entry, form: { ...form, visitedAt: form.visitedAt || now().toISOString(), ...part } });
  };
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
        void onReady(entry);
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
      <Position form={form} set={set} />
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
      <Shots entry={entry} visit={visit} write={write} fail={setProblem} />
      {problem && (
        <p className="x-notice x-tone-danger" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="x-field-button x-field-main" disabled={missing.length > 0}>
        完成并上传
      </button>
      <p className="x-hint" role="status">
        {missing.length > 0 ? `还缺：${missing.join("、")}` : "离线时先保存在本机，联网后自动上传。"}
      </p>
    </form>
  );
}

function Position({ form, set }: { form: Form; set: (part: Partial<Form>) => void }): ReactNode {
  const [said, setSaid] = useState("");
  const ask = (consent: boolean) => {
    setSaid("");
    set({ consent, latitude: null, longitude: null });
    if (!consent) return;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => set({ consent: true, latitude: coords.latitude, longitude: coords.longitude }),
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
}: {
  entry: Entry;
  visit: Visit;
  write: (entry: Entry) => void;
  fail: (problem: string) => void;
}): ReactNode {
  const left = mostPhotos - visit.photos.length - entry.shots.filter((shot) => !shot.sent).length;
  const add = async (files: readonly File[]) => {
    const shots: Shot[] = [];
    for (const file of files.slice(0, left)) {
      try {
        shots.push({ id: newPhotoId(), takenAt: now().toISOString(), blob: await shrink(file), sent: false });
      } catch {
        fail("有文件不是照片，没有添加。");
      }
    }
    if (shots.length > 0) write({ ...entry, shots: [...entry.shots, ...shots] });
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
              <button
                type="button"
                className="x-plain-button"
                onClick={() => write({ ...entry, shots: entry.shots.filter((each) => each.id !== shot.id) })}
              >
                删除
              </button>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function Preview({ blob, name }: { blob: Blob; name: string }): ReactNode {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address && <img src={address} alt={name} />;
}
