// Marking copies as read can be taken back for as long as the toast offers it. What is written down stays written, so it
// is written only then: when the toast goes, or with the page.

import { answer, api, newKey, say, sayProblem } from "@/parts";

const pending = new Map<string, () => void>();
window.addEventListener("pagehide", () => {
  for (const write of new Set(pending.values())) write();
});

/** Whether a copy is shown as read though nothing is written yet. */
export function isMarking(id: string): boolean {
  return pending.has(id);
}

/** Marks copies as read once the person can no longer take it back. */
export function markLater(ids: readonly string[], place: { office: string; changed: () => void }): void {
  if (ids.length === 0) return;
  let written = false;
  const write = () => {
    if (written) return;
    written = true;
    answer(
      api.POST("/v1/offices/{office}/copies/read", {
        params: { path: { office: place.office } },
        headers: { "Idempotency-Key": newKey() },
        body: { ids: [...ids] },
        keepalive: true,
      }),
    )
      .catch(sayProblem)
      .finally(forget);
  };
  const forget = () => {
    for (const id of ids) pending.delete(id);
    place.changed();
  };
  for (const id of ids) pending.set(id, write);
  place.changed();
  say(`已标记已阅 ${ids.length} 件`, forget, write);
}
