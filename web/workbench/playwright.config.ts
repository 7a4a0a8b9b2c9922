import { defineConfig, devices } from "@playwright/test";

// Run by `make test-browser`, beside a demo of its own: `xuncha demo --fresh npm run browser` sets XUNCHA_URL. The demo's
// story is one, and tests change it, so they go one after the other.
export default defineConfig({
  testDir: "tests/browser",
  fullyParallel: false,
  workers: 1,
  // One story, told once: what follows a failure only echoes it.
  maxFailures: process.env.CI ? 1 : 0,
  // A browser that dies or hangs is no finding: one more try, and the report names the first all the same.
  retries: process.env.CI ? 1 : 0,
  // A story is long and a step is short: a step that hangs is named by its own limit, a slow machine is no failure.
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["./tests/browser/report.ts"]],
  outputDir: "test-results",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: process.env.XUNCHA_URL,
    viewport: { width: 1366, height: 768 },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    trace: "retain-on-failure",
    actionTimeout: 20_000,
    navigationTimeout: 40_000,
    launchOptions: {
      executablePath: process.env.XUNCHA_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
