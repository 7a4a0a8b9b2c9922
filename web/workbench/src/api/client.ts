// One door to the service. What every request needs is added here and nowhere else: the identity of this piece of work,
// a key that makes a repeated POST harmless, and signing on again in place when the session has ended.

import createClient, { type Middleware } from "openapi-fetch";
import { currentIdentity } from "./identity";
import { asProblem, problemOf } from "./problem";
import { mustWait, type SignOnNeed, signOnAgain } from "./relogin";
import type { paths } from "./schema";

const shared: Middleware = {
  onRequest({ request }) {
    const identity = currentIdentity();
    if (identity !== "") request.headers.set("Xuncha-Identity", identity);
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", newKey());
    }
    return request;
  },
};

// Sends a request; when the session has ended, or the act asks for a second proof of who is there, waits until the person
// has given it and sends the same request once more, so that nothing typed is lost. Who is signed on may always be asked:
// the answer ends the wait.
async function send(request: Request): Promise<Response> {
  if (new URL(request.url).pathname === "/v1/me") return fetch(request);
  if (mustWait() && !(await signOnAgain("expired"))) return new Response(null, { status: 401 });
  const again = request.clone();
  const response = await fetch(request);
  const need = await needOf(response);
  if (need === null) return response;
  return (await signOnAgain(need)) ? fetch(again) : response;
}

async function needOf(response: Response): Promise<SignOnNeed | null> {
  if (response.status === 401) return "expired";
  if (response.status !== 403) return null;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return problemOf(response, body).code === "step-up-required" ? "step-up" : null;
}

/** The typed client. Wrap its calls in {@link answer}. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: send,
  // The service refuses a repeated parameter; several values are one, apart by commas.
  querySerializer: { array: { style: "form", explode: false } },
});
api.use(shared);

/** The answer of a call, or a thrown Problem. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch((thrown: unknown) => {
    throw asProblem(thrown);
  });
  if (!response.ok) throw problemOf(response, error);
  return data as T;
}

/** The header that keeps a change from overwriting somebody else's: pass the version the person was looking at. */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}

/** A fresh key for a POST that may be repeated. `crypto.randomUUID` is missing on plain http and in old kernels. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends what openapi-fetch does not: a raw body such as a part of a file. Throws a Problem like {@link answer}. */
export async function sendRaw(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const identity = currentIdentity();
  if (identity !== "") headers.set("Xuncha-Identity", identity);
  const request = new Request(new URL(path, window.location.origin), { ...init, headers });
  const response = await send(request).catch((thrown: unknown) => {
    throw init.signal?.aborted ? thrown : asProblem(thrown);
  });
  if (response.ok) return response;
  throw problemOf(response, await response.json().catch(() => null));
}
