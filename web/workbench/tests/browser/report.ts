import { stripVTControlCharacters } from "node:util";
import type { FullResult, Reporter, TestCase, TestError, TestResult } from "@playwright/test/reporter";
import { effortTable } from "./effort";

/**
 * Prints, once all tests are through, what the flows asked of a person's hands, and last of all what failed and why: the
 * end of a long log is the part that people see.
 */
export default class ClosingReporter implements Reporter {
  private readonly causes: string[] = [];

  onBegin(): void {
    effortTable(); // what an earlier run left
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus || result.status === "skipped") return;
    const where = `${test.location.file.replace(/^.*\/browser\//, "")}:${test.location.line}`;
    const after = `${result.status} after ${Math.round(result.duration / 1000)} s, try ${result.retry + 1}`;
    this.causes.push(`${where} (${after})\n${result.errors.map(brief).join("\n")}`);
  }

  onError(error: TestError): void {
    this.causes.push(`outside a test\n${brief(error)}`);
  }

  onEnd(result: FullResult): void {
    const table = effortTable();
    if (table !== "") process.stdout.write(`\n${table}\n\n`);
    if (this.causes.length > 0) process.stdout.write(`${result.status}. What went wrong:\n${this.causes.join("\n")}\n`);
  }
}

/** The head of an error, without colours: what was expected, where, and what stood there. */
function brief(error: TestError): string {
  const lines = stripVTControlCharacters(error.message ?? error.value ?? "").split("\n");
  if (error.location) lines.splice(8, Infinity, `at ${error.location.file}:${error.location.line}`);
  return lines.map((line) => `  ${line}`).join("\n");
}
