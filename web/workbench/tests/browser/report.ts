import type { Reporter } from "@playwright/test/reporter";
import { effortTable } from "./effort";

/** Prints what the flows asked of a person's hands, once all tests are through. */
export default class EffortReporter implements Reporter {
  onBegin(): void {
    effortTable(); // what an earlier run left
  }

  onEnd(): void {
    const table = effortTable();
    if (table !== "") process.stdout.write(`\n${table}\n\n`);
  }
}
