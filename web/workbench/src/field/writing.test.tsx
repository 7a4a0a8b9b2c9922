// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Entry, Step, Visit } from "./store";
import { VisitForm } from "./VisitForm";

const slow: ((blob: Blob) => void)[] = [];
vi.mock("./photo", () => ({ shrink: () => new Promise<Blob>((resolve) => slow.push(resolve)) }));

const visit = {
  id: "v",
  number: "QY-1",
  version: 3,
  nth: 1,
  verdict: "",
  seen: "",
  place: "",
  content: 0,
  fair: 0,
  discontent: 0,
  visited_at: null,
  latitude: null,
  longitude: null,
  votes: [0, 5],
  photos: [],
} as unknown as Visit;

const owner = { office: "q", member: "m", name: "何静", grant: "g", offset: 0 };
let kept: Entry | undefined;
let full = false;
const keep = async (_: unknown, step: Step) => {
  if (full) throw new DOMException("full", "QuotaExceededError");
  kept = step(kept);
};
const form = (shown = visit) =>
  render(<VisitForm owner={owner} visit={shown} entry={kept} onWrite={keep} onReady={() => {}} />);
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const shoot = () => {
  const files = [new File(["p"], "p.png", { type: "image/png" })];
  fireEvent.change(document.querySelector("input[type=file]") as Element, { target: { files } });
};
const settle = () => act(async () => {});

beforeEach(() => {
  [kept, full, slow.length] = [undefined, false, 0];
  URL.createObjectURL = () => "blob:p";
  URL.revokeObjectURL = () => {};
});
afterEach(cleanup);

test("a position that comes late leaves what was typed meanwhile, and does not come back once it may not be recorded", async () => {
  let found: PositionCallback[] = [];
  const coords = { coords: { latitude: 30, longitude: 104 } } as GeolocationPosition;
  Object.assign(navigator, { geolocation: { getCurrentPosition: (then: PositionCallback) => found.push(then) } });
  form();
  const consent = () => fireEvent.click(screen.getByLabelText(/同意记录当前位置坐标/));
  consent();
  type("到现场看到了什么", "公示栏已更新");
  await act(async () => found.shift()?.(coords));
  expect(kept?.form).toMatchObject({ seen: "公示栏已更新", consent: true, latitude: 30 });
  expect(screen.getByLabelText<HTMLTextAreaElement>("到现场看到了什么").value).toBe("公示栏已更新");

  consent(); // no more
  consent(); // and again
  consent(); // and finally not
  await act(async () => {
    for (const each of found) each(coords);
  });
  expect(kept?.form).toMatchObject({ consent: false, latitude: null, longitude: null });
  found = [];
});

test("pictures that are made smaller at the same time are both kept, with what was typed meanwhile", async () => {
  form();
  shoot();
  shoot();
  type("地点", "村口");
  await act(async () => {
    for (const done of slow) done(new Blob(["small"]));
  });
  await settle();
  expect(kept?.shots).toHaveLength(2);
  expect(kept?.form.place).toBe("村口");
});

test("nothing is handed in while a picture is being made smaller", async () => {
  form();
  type("到现场看到了什么", "已更新");
  type("地点", "村口");
  fireEvent.click(screen.getByLabelText("真改"));
  const done = screen.getByRole<HTMLButtonElement>("button", { name: "完成并上传" });
  expect(done.disabled).toBe(false);
  shoot();
  expect(done.disabled).toBe(true);
  await act(async () => slow[0]?.(new Blob(["small"])));
  expect(done.disabled).toBe(false);
});

test("what found no room is kept with the next thing that does", async () => {
  form();
  full = true;
  type("到现场看到了什么", "没有地方的字");
  await settle();
  expect(screen.getByRole("alert").textContent).toMatch(/本机空间不足/);
  full = false;
  type("地点", "村口");
  await settle();
  expect(kept?.form).toMatchObject({ seen: "没有地方的字", place: "村口" });
});

test("a position that comes after everything was sent begins nothing anew", async () => {
  let found: PositionCallback | undefined;
  Object.assign(navigator, {
    geolocation: {
      getCurrentPosition: (then: PositionCallback) => {
        found = then;
      },
    },
  });
  form();
  fireEvent.click(screen.getByLabelText(/同意记录当前位置坐标/));
  await settle();
  kept = undefined;
  await act(async () => found?.({ coords: { latitude: 30, longitude: 104 } } as GeolocationPosition));
  expect(kept).toBeUndefined();
});

test("a visit that was returned keeps when and where it was, corrected or not", async () => {
  const returned: Visit = {
    ...visit,
    verdict: "partial",
    seen: "台账缺两页",
    place: "村口",
    visited_at: "2026-11-18T02:00:00Z",
    latitude: 30,
    longitude: 104,
  };
  const before = { visitedAt: "2026-11-18T02:00:00Z", consent: true, latitude: 30, longitude: 104 };
  form(returned);
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "完成并上传" })));
  expect(kept?.state).toBe("ready");
  expect(kept?.form).toMatchObject(before);

  cleanup();
  form(returned);
  type("到现场看到了什么", "台账缺两页，已补一页");
  await settle();
  expect(kept?.form).toMatchObject(before);
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "改为现在" })));
  expect(Date.parse(kept?.form.visitedAt ?? "")).toBeGreaterThan(Date.parse("2026-11-18T02:00:00Z"));
});

test("what is handed in without a change says when the visit was", async () => {
  form({ ...visit, verdict: "real", seen: "已更新", place: "村口" });
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "完成并上传" })));
  expect(kept?.form.visitedAt).not.toBe("");
});
