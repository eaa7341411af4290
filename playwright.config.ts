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
  // Each worker starts a server of its own on an empty data directory (e2e/server-fixture.ts). A journey waits for
  // most of its time, for pages that come to rest and minutes that pass: two share two cores well.
  fullyParallel: false,
  workers: 2,
  retries: 0,
  // Nothing here asserts a time: these only end what hangs, on a small busy machine too.
  timeout: 360_000,
  expect: { timeout: 60_000 },
  projects: [
    { name: "journeys", testIgnore: "**/guard.spec.ts" },
    // It holds times that the product promises against the clock: nothing else runs beside it.
    { name: "proof", testMatch: "**/guard.spec.ts", dependencies: ["journeys"] },
  ],
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
