// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { type About, evidenceTarget } from "./evidence";

afterEach(() => void vi.unstubAllGlobals());

it("lets a file that begins again after a lost network take the place that it was given", async () => {
  const bodies: { name: string; replaces?: string; note?: string }[] = [];
  const network = vi.fn(async (request: Request) => {
    bodies.push(await request.json());
    if (bodies.length === 1) throw new TypeError("Failed to fetch");
    return Response.json({ id: `u${bodies.length}`, received: 0 }, { status: 201 });
  });
  vi.stubGlobal("fetch", network);
  let about: About = { replaces: "e1", note: "更换的照片" };
  const replacing = vi.fn(() => {
    about = { ...about, replaces: undefined };
  });
  const target = evidenceTarget("o", "i", () => about, replacing);
  const { signal } = new AbortController();
  const photo = new File(["a"], "照片.jpg");
  await expect(target.begin(photo, signal)).rejects.toBeTruthy();
  about = { note: "下一批" };
  await target.begin(photo, signal);
  await target.begin(new File(["b"], "另一张.jpg"), signal);
  expect(bodies.map(({ name, replaces, note }) => [name, replaces, note])).toEqual([
    ["照片.jpg", "e1", "更换的照片"],
    ["照片.jpg", "e1", "更换的照片"],
    ["另一张.jpg", undefined, "下一批"],
  ]);
  expect(replacing).toHaveBeenCalledOnce();
});
