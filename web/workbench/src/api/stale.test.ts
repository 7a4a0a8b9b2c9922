import { describe, expect, it } from "vitest";
import { asProblem, problemOf, sentence } from "./problem";
import { differences, staleOf } from "./stale";

function answered(status: number, body: unknown, requestId = ""): ReturnType<typeof problemOf> {
  return problemOf({ status, headers: new Headers(requestId ? { "x-request-id": requestId } : {}) }, body);
}

describe("problems", () => {
  it("keeps the service's own sentence, code and fields", () => {
    const problem = answered(422, {
      type: "/problems/rectification.due-too-early",
      title: "Unprocessable",
      status: 422,
      detail: "期限应在 2026-07-10 之后",
      errors: [{ pointer: "/due", code: "too-early", message: "期限应在 2026-07-10 之后" }],
    });
    expect(problem).toMatchObject({
      status: 422,
      code: "rectification.due-too-early",
      message: "期限应在 2026-07-10 之后",
    });
    expect(problem.fields).toEqual([{ pointer: "/due", code: "too-early", message: "期限应在 2026-07-10 之后" }]);
    expect(problem.passing).toBe(false);
  });

  it("has a sentence for an answer without one", () => {
    expect(answered(403, null).message).toBe("当前身份不能办理此事项。");
    expect(answered(418, "teapot").message).toContain("稍后重试");
  });

  it("gives support a number when the fault is ours", () => {
    const problem = answered(
      500,
      { detail: "暂时无法保存，内容已保留在本机。请稍后重试。" },
      "0198c2d4-1111-7a00-8000-00000000-7f3a",
    );
    expect(sentence(problem)).toBe("暂时无法保存，内容已保留在本机。请稍后重试（编号 7F3A）。");
    expect(sentence(answered(422, { detail: "请填写期限。" }, "abcd-7f3a"))).toBe("请填写期限。");
  });

  it("calls a lost connection what it is", () => {
    expect(asProblem(new TypeError("Failed to fetch"))).toMatchObject({ status: 0, passing: true });
    expect(asProblem(new TypeError("NetworkError when attempting to fetch resource."))).toMatchObject({ status: 0 });
    expect(asProblem(new TypeError("Load failed"))).toMatchObject({ status: 0 });
    expect(asProblem(new TypeError("Cannot read properties of undefined"))).toMatchObject({ status: 500 });
    expect(asProblem(new RangeError("ours"))).toMatchObject({ status: 500 });
  });
});

describe("stale rows", () => {
  const at = new Date("2026-11-20T10:00:00+08:00");

  it("says who changed the row and when", () => {
    const stale = staleOf(
      answered(412, {
        current: { version: 7, changed_by: "顾晓岚", changed_at: "2026-11-20T09:58:00+08:00", due: "2026-12-04" },
      }),
      at,
    );
    expect(stale).toMatchObject({ version: 7, line: "顾晓岚 2 分钟前已更新此条" });
  });

  it("still speaks when the service tells nothing of the row", () => {
    expect(staleOf(answered(412, {}), at)).toMatchObject({ version: null, line: "他人已更新此条" });
  });

  it("is nothing else", () => {
    expect(staleOf(answered(409, { current: {} }))).toBeNull();
    expect(staleOf(null)).toBeNull();
  });

  it("shows only what differs, in the order of the form", () => {
    const fields = [
      ["due", "期限"],
      ["leader", "责任领导"],
      ["progress", "进展"],
    ] as const;
    expect(
      differences(
        { due: "2026-12-04", leader: "曹建平", progress: null },
        { due: "2026-12-31", leader: "曹建平" },
        fields,
      ),
    ).toEqual([{ key: "due", title: "期限", mine: "2026-12-04", theirs: "2026-12-31" }]);
  });
});
