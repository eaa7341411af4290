import { defineConfig } from "@playwright/test";

/**
 * How Chromium is started, also for measurements and pictures: as root, without a graphics card, and without looking for
 * Google's hosts, which a closed network refuses one by one.
 */
export const CHROMIUM_OPTIONS = {
  ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  // Each worker starts a server of its own on an empty data directory (e2e/server-fixture.ts).
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // scripts/test.cjs asks for the counts in a file.
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [["list"], ["json"]] : [["list"]],
  use: {
    browserName: "chromium",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    timezoneId: "Europe/Berlin",
    locale: "en-US",
    launchOptions: CHROMIUM_OPTIONS,
  },
});
