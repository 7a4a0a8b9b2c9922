// What a flow asks of a person's hands (UX 2.7): clicks, taps and keys are counted as the page gets them and are the
// target that is asserted; seconds are the machine's and only printed.

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, type Page } from "@playwright/test";

const file = join(import.meta.dirname, "../../test-results", "effort.jsonl");

interface Line {
  flow: string;
  presses: number;
  keys: number;
  seconds: number;
  target: string;
}

/** Counts what is done on a page from here on. `within` ends the flow: it asserts the target and keeps the line. */
export async function effort(page: Page, flow: string) {
  let presses = 0;
  let keys = 0;
  let aside = false;
  const begun = Date.now();
  const count = (what: string) => {
    if (aside) return;
    if (what === "press") presses++;
    else keys++;
  };
  await listen(page, count);
  return {
    /** Another person who takes part. */
    also: (other: Page) => listen(other, count),
    /** What the test does that is not part of the flow. */
    aside: async (what: () => Promise<void>) => {
      aside = true;
      await what();
      await page.evaluate(() => undefined); // what was pressed has come by now
      aside = false;
    },
    async within(target: { presses?: number; keys?: number }): Promise<void> {
      await page.evaluate(() => undefined);
      const line: Line = {
        flow,
        presses,
        keys,
        seconds: Math.round((Date.now() - begun) / 100) / 10,
        target: [
          target.presses !== undefined && `${target.presses} presses`,
          target.keys !== undefined && `${target.keys} keys`,
        ]
          .filter(Boolean)
          .join(", "),
      };
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      if (target.presses !== undefined) expect(presses, `presses for: ${flow}`).toBeLessThanOrEqual(target.presses);
      if (target.keys !== undefined) expect(keys, `keys for: ${flow}`).toBeLessThanOrEqual(target.keys);
    },
  };
}

// Tells each press and key of a page, wherever it goes. What a script dispatches itself is no act of a person.
async function listen(page: Page, count: (what: string) => void): Promise<void> {
  await page.exposeFunction("xunchaPressed", count);
  const watch = () => {
    const tell = (window as unknown as { xunchaPressed: (what: string) => void }).xunchaPressed;
    document.addEventListener("pointerdown", (event) => event.isTrusted && tell("press"), true);
    document.addEventListener(
      "keydown",
      (event) => event.isTrusted && !/^(Control|Shift|Alt|Meta)$/.test(event.key) && tell("key"),
      true,
    );
  };
  await page.addInitScript(watch);
  await page.evaluate(watch);
}

/** The table of all flows that were counted since the last one. */
export function effortTable(): string {
  if (!existsSync(file)) return "";
  const lines = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  rmSync(file);
  const cells = lines.map(({ flow, presses, keys, seconds, target }) =>
    [
      flow.padEnd(58),
      String(presses).padStart(7),
      String(keys).padStart(6),
      seconds.toFixed(1).padStart(7),
      target,
    ].join(" "),
  );
  return [["flow".padEnd(58), "presses", "  keys", "seconds", "target"].join(" "), ...cells].join("\n");
}
