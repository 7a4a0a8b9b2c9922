// @vitest-environment jsdom

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

// The first answers in order, then 200; what was asked is told by method and path.
function service(...statuses: number[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return Response.json({}, { status: statuses.shift() ?? 200 });
  });
  return asked;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe("a session that ended", () => {
  let client: typeof import("./client");
  let relogin: typeof import("./relogin");
  beforeEach(async () => {
    vi.resetModules();
    client = await import("./client");
    relogin = await import("./relogin");
  });
  afterEach(() => vi.unstubAllGlobals());
  const write = () => client.sendRaw("/v1/write", { method: "PUT", body: "text" });

  it("sends a refused request once more when the person is back", async () => {
    const asked = service(401);
    const written = write();
    await settled();
    relogin.settleSignOn(true);
    expect((await written).status).toBe(200);
    expect(asked).toEqual(["PUT /v1/write", "PUT /v1/write"]);
  });

  it("sends nothing while somebody else is signed on, and each request once when the person is back", async () => {
    const asked = service(401);
    const refused = write();
    await settled();
    relogin.signedOnInstead("尹小雨");
    const later = client.sendRaw("/v1/later", { method: "PUT", body: "more" });
    await settled();
    expect(asked).toEqual(["PUT /v1/write"]);
    relogin.settleSignOn(true);
    await Promise.all([refused, later]);
    expect(asked.slice(1).sort()).toEqual(["PUT /v1/later", "PUT /v1/write"]);
  });

  it("goes on waiting after 「暂不登录」 while somebody else is signed on", async () => {
    const asked = service();
    relogin.signedOnInstead("尹小雨");
    relogin.settleSignOn(false);
    const written = write().catch((problem: unknown) => problem);
    await settled();
    expect(asked).toEqual([]);
    relogin.settleSignOn(false);
    expect(await written).toMatchObject({ status: 401 });
    expect(asked).toEqual([]);
  });
});
