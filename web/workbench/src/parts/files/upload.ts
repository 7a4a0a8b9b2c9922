// Sends files in parts, so that a lost network or a closed lid costs one part and not the file. What the service has
// already is asked of the service, never guessed.

import { asProblem, type Problem } from "@/api/problem";

/** An upload as the service knows it. */
export interface UploadSlot {
  id: string;
  /** Bytes the service has. */
  offset: number;
}

/** The operations a place that takes files offers. */
export interface UploadTarget<Done> {
  /** Announces a file and gets a slot for it. */
  begin: (file: File, signal: AbortSignal) => Promise<UploadSlot>;
  /** Sends the bytes from `offset` on; says how far the service now is. */
  send: (slot: UploadSlot, part: Blob, signal: AbortSignal) => Promise<number>;
  /** How far the service is, asked before going on after a failure. */
  offset: (slot: UploadSlot, signal: AbortSignal) => Promise<number>;
  /** Ends a whole upload; the file is visible from now on. */
  finish: (slot: UploadSlot, file: File, signal: AbortSignal) => Promise<Done>;
  /** Lets the service forget an upload that was cancelled. */
  cancel?: (slot: UploadSlot) => Promise<unknown>;
}

/** One file on its way. */
export interface Upload<Done> {
  key: number;
  file: File;
  state: "waiting" | "sending" | "paused" | "refused" | "done";
  sent: number;
  problem?: Problem;
  done?: Done;
}

/** The files on their way to one place, two at a time. */
export class UploadQueue<Done> {
  private readonly target: UploadTarget<Done>;
  private readonly part: number;
  private readonly limit: number;
  private readonly waits: readonly number[];
  private list: readonly Upload<Done>[] = [];
  private readonly slots = new Map<number, UploadSlot>();
  private readonly running = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private lastKey = 0;
  private gone = 0;

  constructor(target: UploadTarget<Done>, { part = 1 << 20, limit = 2, waits = [500, 2000, 5000] } = {}) {
    this.target = target;
    this.part = part;
    this.limit = limit;
    this.waits = waits;
  }

  /** The files, in the order they were added. The array changes whenever anything does. */
  readonly uploads = (): readonly Upload<Done>[] => this.list;

  /** How many were cancelled of those that were added since the list was last empty. */
  readonly cancelled = (): number => this.gone;

  /** Hears of every change. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Adds files and starts on them. */
  add(files: readonly File[]): void {
    const added = files.map((file) => ({ key: ++this.lastKey, file, state: "waiting" as const, sent: 0 }));
    this.set([...this.list, ...added]);
    this.advance();
  }

  /** Stops one file for good and forgets it. */
  cancel(key: number): void {
    this.running.get(key)?.abort();
    const slot = this.slots.get(key);
    this.slots.delete(key);
    if (this.list.some((upload) => upload.key === key)) this.gone++;
    this.set(this.list.filter((upload) => upload.key !== key));
    if (slot) void this.target.cancel?.(slot).catch(() => undefined); // the service forgets by itself after a while
    this.advance();
  }

  /** Goes on with a file that was interrupted, from where the service is. */
  retry(key: number): void {
    this.change(key, { state: "waiting", problem: undefined });
    this.advance();
  }

  /** Goes on with every interrupted file, e.g. when the network is back. */
  retryPaused(): void {
    for (const upload of this.list) if (upload.state === "paused") this.change(upload.key, { state: "waiting" });
    this.advance();
  }

  /** Takes finished files off the list. */
  clearDone(): void {
    this.set(this.list.filter((upload) => upload.state !== "done"));
  }

  private advance(): void {
    for (const upload of this.list) {
      if (this.running.size >= this.limit) return;
      if (upload.state === "waiting" && !this.running.has(upload.key)) void this.run(upload);
    }
  }

  private async run(upload: Upload<Done>): Promise<void> {
    const { key, file } = upload;
    const abort = new AbortController();
    this.running.set(key, abort);
    this.change(key, { state: "sending", problem: undefined });
    try {
      const done = await this.transfer(key, file, abort.signal);
      this.change(key, { state: "done", sent: file.size, done });
    } catch (thrown) {
      if (!abort.signal.aborted) {
        const problem = asProblem(thrown);
        this.change(key, { state: problem.passing ? "paused" : "refused", problem });
      }
    } finally {
      this.running.delete(key);
      this.advance();
    }
  }

  private async transfer(key: number, file: File, signal: AbortSignal): Promise<Done> {
    const slot = await this.slotFor(key, file, signal);
    let failures = 0;
    while (slot.offset < file.size) {
      try {
        slot.offset = await this.target.send(slot, file.slice(slot.offset, slot.offset + this.part), signal);
        failures = 0;
      } catch (thrown) {
        const wait = this.waits[failures++];
        if (signal.aborted || wait === undefined || !worthAnotherTry(asProblem(thrown))) throw thrown;
        await sleep(wait, signal);
        slot.offset = await this.target.offset(slot, signal);
      }
      this.change(key, { sent: slot.offset });
    }
    return this.target.finish(slot, file, signal);
  }

  private async slotFor(key: number, file: File, signal: AbortSignal): Promise<UploadSlot> {
    const known = this.slots.get(key);
    if (known) {
      known.offset = await this.target.offset(known, signal);
      return known;
    }
    const slot = await this.target.begin(file, signal);
    this.slots.set(key, slot);
    return slot;
  }

  private change(key: number, what: Partial<Upload<Done>>): void {
    this.set(this.list.map((upload) => (upload.key === key ? { ...upload, ...what } : upload)));
  }

  private set(list: readonly Upload<Done>[]): void {
    this.list = list;
    if (list.length === 0) this.gone = 0;
    for (const listener of this.listeners) listener();
  }
}

// A conflict means the service is elsewhere than we thought: ask where, and go on from there.
function worthAnotherTry(problem: Problem): boolean {
  return problem.passing || problem.status === 409;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** What may be sent to a place, told before choosing. */
export interface UploadLimits {
  /** Bytes per file. */
  size: number;
  /** Endings that are taken, `.pdf`. */
  endings: readonly string[];
}

/** What is wrong with a file before anything is sent; undefined when nothing is. */
export function refusal(file: Pick<File, "name" | "size">, limits: UploadLimits): string | undefined {
  const ending = /\.[^.]+$/.exec(file.name.toLowerCase())?.[0] ?? "";
  if (!limits.endings.includes(ending)) return `${file.name} 未添加：不支持这种文件`;
  if (file.size === 0) return `${file.name} 未添加：文件是空的`;
  if (file.size > limits.size) return `${file.name} 未添加：超过 ${Math.floor(limits.size / 1024 / 1024)} MB`;
  return undefined;
}
