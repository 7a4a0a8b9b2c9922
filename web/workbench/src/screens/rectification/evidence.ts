import { answer, api, saveFile, sendRaw, type UploadSlot, type UploadTarget } from "@/parts";
import { type Evidence, itemsKey, type Place } from "./data";

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
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".heic",
    ".heif",
    ".docx",
    ".doc",
    ".xlsx",
    ".xls",
    ".pptx",
    ".ppt",
    ".wps",
    ".et",
    ".dps",
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
  /** The evidence whose place the next file takes. */
  replaces?: string;
}

/** What is said of the days of a file, as the service takes it. */
export function daysOf({ formedOn, coversFrom, coversUntil }: About) {
  const from = coversFrom ?? coversUntil;
  const until = coversUntil ?? coversFrom;
  return { formed_on: formedOn, covers: from && until ? { from, until } : undefined };
}

/**
 * Where evidence for an item goes. `about` is asked once for each file, when it first begins: the first one takes the
 * place that it names (`replacing`), and keeps it however often the network makes it begin again.
 */
export function evidenceTarget(
  office: string,
  item: string,
  about: () => About,
  replacing: () => void,
): UploadTarget<Evidence> {
  const told = new WeakMap<File, About>();
  const path = (slot: UploadSlot) => ({ params: { path: { office, id: slot.id } } });
  return {
    begin: async (file, signal) => {
      const said = told.get(file) ?? about();
      if (said.replaces && !told.has(file)) replacing();
      told.set(file, said);
      const { measure, note, replaces } = said;
      const days = daysOf(said);
      const body = { name: file.name, size: file.size, not_secret: true, measure, note, replaces, ...days };
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

/** What somebody wants of a file. Each reading is logged; one of an office below needs a reason. */
interface Wanted {
  reason?: string;
  signal?: AbortSignal;
}

/** Fetches a file, to be shown or saved. */
export async function fetchEvidence(
  place: Place,
  id: string,
  { inline, ...wanted }: Wanted & { inline: boolean },
): Promise<Blob> {
  return (await fetchOf(place, `${id}/content`, wanted, { inline: String(inline) })).blob();
}

/** Saves a file under the name that the service gives it. */
export function saveEvidence(place: Place, id: string, wanted: Wanted): Promise<void> {
  const sent = fetchOf(place, `${id}/content`, wanted, { inline: "false" });
  return saveFile(sent.then(async (response) => ({ data: await response.blob(), response })));
}

/** Fetches a Word, Excel or PowerPoint file as a page that runs nothing. */
export async function fetchPreview(place: Place, id: string, wanted: Wanted): Promise<string> {
  return (await fetchOf(place, `${id}/preview`, wanted, {})).text();
}

/** Fetches one page of a PDF, as a picture. */
export async function fetchLeaf(place: Place, id: string, page: number, wanted: Wanted): Promise<Blob> {
  return (await fetchOf(place, `${id}/pages/${page}`, wanted, {})).blob();
}

/** What was noted on pages of the item's files, as far as one may see it. */
export function notesQuery(office: string, item: string) {
  return {
    queryKey: [...itemsKey, office, "notes", item] as const,
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      (
        await answer(
          api.GET("/v1/offices/{office}/items/{id}/notes", { signal, params: { path: { office, id: item } } }),
        )
      ).items ?? [],
  };
}

function fetchOf({ office, below }: Place, what: string, { reason, signal }: Wanted, more: Record<string, string>) {
  const query = new URLSearchParams(more);
  if (below) query.set("below", below);
  if (reason) query.set("reason", reason);
  return sendRaw(`/v1/offices/${office}/evidence/${what}?${query}`, { signal });
}

/** One page of what the item's unit has uploaded for its other items. */
export function storedQuery(office: string, item: string, q: string) {
  return {
    queryKey: [...itemsKey, office, "stored", item, q] as const,
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const params = { path: { office, id: item }, query: { q: q || undefined, limit: 50 } };
      return (await answer(api.GET("/v1/offices/{office}/items/{id}/stored", { signal, params }))).items ?? [];
    },
  };
}

/** 佐证目录 of these items, with digests, as a workbook. */
export function exportCatalogue({ office, below }: Place, items: readonly string[]): Promise<void> {
  return saveFile(
    api.POST("/v1/offices/{office}/evidence/export", {
      parseAs: "blob",
      params: { path: { office }, query: { below, form: "all" } },
      body: { items: [...items] },
    }),
  );
}

/** All evidence of an item as a zip. */
export function archiveEvidence({ office, below }: Place, item: string, reason?: string): Promise<void> {
  return saveFile(
    api.POST("/v1/offices/{office}/items/{id}/evidence/archive", {
      parseAs: "blob",
      params: { path: { office, id: item }, query: { below, reason } },
    }),
  );
}

/** Hands a file to the browser's own saving. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
