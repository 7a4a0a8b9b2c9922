// The service answers what went wrong as RFC 9457 problems with a Chinese sentence that says what to do. Here they
// become one error type, and what has no sentence of its own gets one.

/** One thing wrong with one part of what was sent. */
export interface FieldProblem {
  /** JSON pointer into the body, `/measures/0/due`. */
  pointer: string;
  code: string;
  message: string;
}

/** What a refused or failed request throws. */
export class Problem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The end of the problem's type, `version-mismatch`. */
  readonly code: string;
  readonly fields: readonly FieldProblem[];
  /** What support can search the logs for. */
  readonly requestId: string;
  /** The rest of the document: `current`, `changed_by` and the like. */
  readonly more: Readonly<Record<string, unknown>>;
  /** In how many seconds the service would have us ask again; 0 when it did not say. */
  readonly retryAfter: number;

  constructor(
    status: number,
    code: string,
    detail: string,
    rest: Partial<Pick<Problem, "fields" | "requestId" | "more" | "retryAfter">> = {},
  ) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.fields = rest.fields ?? [];
    this.requestId = rest.requestId ?? "";
    this.more = rest.more ?? {};
    this.retryAfter = rest.retryAfter ?? 0;
  }

  /** The number people read out on the phone: the request id's last four characters. */
  get number(): string {
    return this.requestId
      .replace(/[^0-9A-Za-z]/g, "")
      .slice(-4)
      .toUpperCase();
  }

  /** No answer, or one that says "later": trying the same again may well work. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** The same to somebody who was saving: what was typed is still there. */
  kept(): Problem {
    return this.status === 0 || this.status >= 500
      ? new Problem(this.status, this.code, `${this.message}填写的内容仍保留在本页。`, this)
      : this;
  }
}

const words: Readonly<Record<number, string>> = {
  0: "网络不通，网络恢复后再试。",
  401: "登录已过期，请重新登录。",
  403: "当前身份不能办理此事项。",
  404: "没有找到此内容，或当前身份不能查看。",
  409: "当前状态不能这样办理，请刷新后查看最新状态。",
  412: "此条已被他人更新，请查看差异后再提交。",
  413: "内容超过大小限制，请缩减后再提交。",
  422: "填写的内容有误，请按提示修改后再提交。",
  428: "页面内容已过旧，请刷新后再提交。",
  429: "操作过于频繁，请稍后再试。",
  503: "服务暂时不可用，请稍后再试。",
};

const unforeseen = "暂时无法完成，请稍后重试。";

/** Makes a Problem of an answer that is not a success. */
export function problemOf(response: Pick<Response, "status" | "headers">, body: unknown): Problem {
  const document = isRecord(body) ? body : {};
  const { type, title: _, status: __, detail, errors, instance, ...more } = document;
  const code = typeof type === "string" ? (type.split("/").pop() ?? "") : "";
  const said = typeof detail === "string" && detail !== "" ? detail : (words[response.status] ?? unforeseen);
  const requestId = response.headers.get("x-request-id") ?? (typeof instance === "string" ? instance : "");
  const retryAfter = Number(response.headers.get("retry-after")) || 0; // a date is as good as nothing said
  return new Problem(response.status, code, said, { fields: fieldsOf(errors), requestId, more, retryAfter });
}

// How Chromium, Firefox and Safari say that no answer came, to a request or for a part of the application. Any other
// TypeError is a fault of ours.
const unanswered = /fetch|network|load failed/i;

/** Makes a Problem of anything thrown: a network failure, or a fault of ours. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError && unanswered.test(thrown.message))
    return new Problem(0, "offline", words[0] as string);
  return new Problem(500, "internal", unforeseen);
}

/** How long to wait, in milliseconds, before a read that failed so often is tried again. */
export function wait(failures: number, problem: Problem): number {
  return Math.max(problem.retryAfter * 1000, 1000 * 2 ** failures);
}

/** The sentence to show, with the number that support can search when there is one to search. */
export function sentence(problem: Problem): string {
  if (problem.status < 500 || problem.number === "") return problem.message;
  return `${problem.message.replace(/。$/, "")}（编号 ${problem.number}）。`;
}

function fieldsOf(errors: unknown): FieldProblem[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(isRecord).map((each) => ({
    pointer: String(each.pointer ?? ""),
    code: String(each.code ?? ""),
    message: String(each.message ?? ""),
  }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
