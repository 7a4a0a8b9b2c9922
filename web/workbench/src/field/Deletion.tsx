import { type ReactNode, useState } from "react";

/** Deletes what cannot be had again, after a second press. */
export function Deletion({ what, onDelete }: { what: string; onDelete: () => void }): ReactNode {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button type="button" className="x-field-button" onClick={() => setAsked(true)}>
        {what}
      </button>
    );
  }
  return (
    <div className="x-field-ask">
      <p>删除后无法恢复。</p>
      <button type="button" className="x-field-button" onClick={onDelete}>
        确定删除
      </button>
      <button type="button" className="x-field-button" onClick={() => setAsked(false)}>
        暂不删除
      </button>
    </div>
  );
}
