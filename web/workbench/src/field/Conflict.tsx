import type { ReactNode } from "react";
import { newKey } from "@/api/client";
import type { Entry, Form, Step, Visit } from "./store";
import { keepMine } from "./sync";
import { verdictWords } from "./VisitForm";

/** Somebody was faster: both texts, and the person chooses. Nothing was overwritten. */
export function Conflict({
  entry,
  theirs,
  onChoose,
}: {
  entry: Entry;
  theirs: Visit;
  onChoose: (step: Step) => void;
}): ReactNode {
  return (
    <>
      <p className="x-notice x-tone-warning" role="alert">
        {theirs.changed_by} 已更新 {entry.number} 的检查结果，本机内容没有上传，也没有覆盖。请选择保留哪份。
      </p>
      <section className="x-panel" aria-label="本机内容">
        <h2>本机内容</h2>
        <Text form={entry.form} />
        {theirs.allowed.includes("report") && (
          <button
            type="button"
            className="x-field-button"
            onClick={() => {
              const key = newKey();
              onChoose((now) => now && keepMine(now, key));
            }}
          >
            保留本机内容并上传
          </button>
        )}
      </section>
      <section className="x-panel" aria-label="已提交内容">
        <h2>{theirs.reported_by || theirs.changed_by} 提交的内容</h2>
        <Text form={theirs} />
        <button type="button" className="x-field-button" onClick={() => onChoose(() => undefined)}>
          采用已提交内容
        </button>
      </section>
    </>
  );
}

type Words = Pick<Form, "verdict" | "seen" | "place" | "content" | "fair" | "discontent">;

/** What was written, as sentences. */
export function wordsOf({ verdict, seen, place, content, fair, discontent }: Words): [string, string, string] {
  return [
    `结论：${verdict === "" ? "未填写" : verdictWords[verdict]}，满意 ${content}、基本满意 ${fair}、不满意 ${discontent}`,
    `地点：${place || "未填写"}`,
    seen || "未填写",
  ];
}

/** What was written, to be read. */
export function Text({ form }: { form: Words }): ReactNode {
  const [verdict, place, seen] = wordsOf(form);
  return (
    <>
      <p>{verdict}</p>
      <p>{place}</p>
      <p className="x-lines">{seen}</p>
    </>
  );
}
