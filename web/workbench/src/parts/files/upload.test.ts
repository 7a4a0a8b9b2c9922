import { describe, expect, it } from "vitest";
import { Problem } from "@/api/problem";
import { refusal, UploadQueue, type UploadSlot, type UploadTarget } from "./upload";

const offline = () => new Problem(0, "offline", "网络不通");

/** A service that keeps what it is sent and fails where told. */
class Service implements UploadTarget<string> {
  readonly stored = new Map<string, string>();
  failures: Problem[] = [];
  begun = 0;
  cancelled: string[] = [];
  /** Accepts the part but loses the answer, as a dying connection does. */
  loseAnswer = false;

  async begin(): Promise<UploadSlot> {
    const id = `u${++this.begun}`;
    this.stored.set(id, "");
    return { id, offset: 0 };
  }

  async send(slot: UploadSlot, part: Blob, signal: AbortSignal): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    const failure = this.failures.shift();
    if (failure && !this.loseAnswer) throw failure;
    const had = this.stored.get(slot.id) ?? "";
    if (slot.offset !== had.length) throw new Problem(409, "offset", "位置不符");
    this.stored.set(slot.id, had + (await part.text()));
    if (failure) throw failure;
    return (this.stored.get(slot.id) ?? "").length;
  }

  offset = async (slot: UploadSlot) => (this.stored.get(slot.id) ?? "").length;
  finish = async (slot: UploadSlot) => this.stored.get(slot.id) ?? "";
  cancel = async (slot: UploadSlot) => this.cancelled.push(slot.id);
}

async function settled(queue: UploadQueue<string>): Promise<void> {
  const busy = () => queue.uploads().some(({ state }) => state === "waiting" || state === "sending");
  for (let i = 0; i < 200 && busy(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
}

function queueOf(service: Service): UploadQueue<string> {
  return new UploadQueue(service, { part: 4, waits: [1, 1] });
}

const file = (text: string, name = "a.pdf") => new File([text], name);

describe("uploading", () => {
  it("sends several files in parts and whole", async () => {
    const service = new Service();
    const queue = queueOf(service);
    queue.add([file("0123456789"), file("abcdef"), file("xyz")]);
    await settled(queue);
    expect(queue.uploads().map(({ state, done }) => [state, done])).toEqual([
      ["done", "0123456789"],
      ["done", "abcdef"],
      ["done", "xyz"],
    ]);
  });

  it("goes on after a short interruption by itself", async () => {
    const service = new Service();
    service.failures = [offline()];
    const queue = queueOf(service);
    queue.add([file("0123456789")]);
    await settled(queue);
    expect(queue.uploads()[0]).toMatchObject({ state: "done", done: "0123456789" });
  });

  it("asks where the service is when only the answer was lost, and sends nothing twice", async () => {
    const service = new Service();
    service.failures = [offline()];
    service.loseAnswer = true;
    const queue = queueOf(service);
    queue.add([file("0123456789")]);
    await settled(queue);
    expect(queue.uploads()[0]).toMatchObject({ state: "done", done: "0123456789" });
  });

  it("keeps what was sent through a long interruption, to go on from there", async () => {
    const service = new Service();
    const queue = queueOf(service);
    queue.add([file("0123456789")]);
    service.failures = [offline(), offline(), offline()];
    await settled(queue);
    expect(queue.uploads()[0]).toMatchObject({ state: "paused" });
    queue.retryPaused();
    await settled(queue);
    expect(queue.uploads()[0]).toMatchObject({ state: "done", done: "0123456789" });
    expect(service.begun).toBe(1);
  });

  it("does not try again what was refused", async () => {
    const service = new Service();
    service.failures = [new Problem(415, "type", "内容与扩展名不符")];
    const queue = queueOf(service);
    queue.add([file("0123")]);
    await settled(queue);
    expect(queue.uploads()[0]).toMatchObject({ state: "refused", problem: { message: "内容与扩展名不符" } });
  });

  it("forgets a cancelled file and lets the others go on", async () => {
    const service = new Service();
    const queue = queueOf(service);
    queue.add([file("0123456789"), file("abcdef"), file("xyz")]);
    await new Promise((resolve) => setTimeout(resolve));
    queue.cancel(1);
    await settled(queue);
    expect(queue.uploads().map(({ key, state }) => [key, state])).toEqual([
      [2, "done"],
      [3, "done"],
    ]);
    expect(service.cancelled).toEqual(["u1"]);
    expect(queue.cancelled()).toBe(1);
    queue.clearDone();
    expect(queue.cancelled()).toBe(0);
  });
});

describe("what may be chosen", () => {
  const limits = { size: 200 * 1024 * 1024, endings: [".pdf", ".jpg"] };
  it.each([
    ["照片.JPG", 10, undefined],
    ["病毒.exe", 10, "不支持"],
    ["无扩展名", 10, "不支持"],
    ["空.pdf", 0, "空的"],
    ["大.pdf", 201 * 1024 * 1024, "超过 200 MB"],
  ])("%s", (name, size, says) => {
    const refused = refusal({ name, size }, limits);
    if (says === undefined) expect(refused).toBeUndefined();
    else expect(refused).toContain(says);
  });
});
