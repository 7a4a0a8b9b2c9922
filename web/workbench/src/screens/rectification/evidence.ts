import { answer, api, sendRaw, type UploadSlot, type UploadTarget } from "@/parts";
import type { Evidence, Place } from "./data";

/** What may be uploaded, told before choosing. */
export const limits = {
  size: 200 * 1024 * 1024,
  endings: [
    ".pdf",
    ".ofd",
    ".jpg",
    ".jpeg",
    ".png",
    ".webp",
    ".heic",
    ".docx",
    ".doc",
    ".xlsx",
    ".xls",
    ".pptx",
    ".ppt",
    ".wps",
    ".et",
    ".dps",
    ".txt",
    ".mp4",
  ],
};

/** The same in words. */
export const limitsText = "单个不超过 200 MB；支持 PDF、OFD、图片、Office、WPS、MP4";

/** What a batch of files proves. */
export interface About {
  measure?: string;
  formedOn?: string;
  coversFrom?: string;
  coversUntil?: string;
  note?: string;
}

/** Where evidence for an item goes. `about` is asked when each file begins. */
export function evidenceTarget(office: string, item: string, about: () => About): UploadTarget<Evidence> {
  const path = (slot: UploadSlot) => ({ params: { path: { office, id: slot.id } } });
  return {
    begin: async (file, signal) => {
      const { measure, formedOn, coversFrom, coversUntil, note } = about();
      const from = coversFrom ?? coversUntil;
      const until = coversUntil ?? coversFrom;
      const covers = from && until ? { from, until } : undefined;
      const body = { name: file.name, size: file.size, not_secret: true, measure, formed_on: formedOn, covers, note };
      const begun = await answer(
        api.POST("/v1/offices/{office}/items/{id}/uploads", { signal, params: { path: { office, id: item } }, body }),
      );
      return { id: begun.id, offset: begun.received };
    },
    send: async (slot, part, signal) => {
      const response = await sendRaw(`/v1/offices/${office}/uploads/${slot.id}?offset=${slot.offset}`, {
        method: "PUT",
        headers: { "Content-Type": "application/octet-stream" },
        body: part,
        signal,
      });
      return ((await response.json()) as { received: number }).received;
    },
    offset: async (slot, signal) =>
      (await answer(api.GET("/v1/offices/{office}/uploads/{id}", { signal, ...path(slot) }))).received,
    finish: (slot, _, signal) =>
      answer(api.POST("/v1/offices/{office}/uploads/{id}/complete", { signal, ...path(slot) })),
    cancel: (slot) => answer(api.DELETE("/v1/offices/{office}/uploads/{id}", path(slot))),
  };
}

/** Fetches a file, to be shown or saved. Each reading is logged; one of an office below needs a reason. */
export async function fetchEvidence(
  { office, below }: Place,
  id: string,
  { inline, reason, signal }: { inline: boolean; reason?: string; signal?: AbortSignal },
): Promise<Blob> {
  const query = new URLSearchParams({ inline: String(inline) });
  if (below) query.set("below", below);
  if (reason) query.set("reason", reason);
  return (await sendRaw(`/v1/offices/${office}/evidence/${id}/content?${query}`, { signal })).blob();
}

/** Hands a file to the browser's own saving. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
