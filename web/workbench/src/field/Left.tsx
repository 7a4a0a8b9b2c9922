import { type ReactNode, useState } from "react";
import { copyText } from "@/parts/copy";
import { Text, wordsOf } from "./Conflict";
import { Deletion } from "./Deletion";
import type { Entry } from "./store";
import { Preview } from "./VisitForm";

/** What was written on a visit that is not the person's to make any more: to be read, copied, and given up. */
export function Left({ entry, onGiveUp }: { entry: Entry; onGiveUp: () => void }): ReactNode {
  const [copied, setCopied] = useState(false);
  return (
    <>
      <p className="x-notice x-tone-warning" role="alert">
        {whyLeft(entry)}
      </p>
      <section className="x-panel" aria-label="本机内容">
        <h2>
          <span className="x-number">{entry.number}</span> 本机内容
        </h2>
        <Text form={entry.form} />
        <ul className="x-field-shots">
          {entry.shots.map((shot, at) => (
            <li key={shot.id}>
              <Preview blob={shot.blob} name={`照片 ${at + 1}`} />
            </li>
          ))}
        </ul>
        <button
          type="button"
          className="x-field-button"
          onClick={() => void copyText(wordsOf(entry.form).join("\n")).then(() => setCopied(true))}
        >
          {copied ? "已复制文字" : "复制文字"}
        </button>
        <Deletion what="放弃并从本机删除" onDelete={onGiveUp} />
      </section>
    </>
  );
}

/** Why nothing more becomes of it. */
export function whyLeft({ problem }: Entry): string {
  return problem ? `未能上传：${problem}` : "此项检查已改派、取消或确认，本机内容没有上传。";
}
