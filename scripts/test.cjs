/**
 * `npm test`: everything, on a fresh clone too: installs, checks, tests on the real engines, builds, and walks
 * through the built app in a real browser. Ends with `N passed, N failed`.
 */
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { checkNode, ensureBuilt, ensureInstalled, run } = require("./prepare.cjs");

checkNode();
ensureInstalled({ dev: true });
const { CHECKS, runChecks } = require("./check.cjs");
const { ensureChromium } = require("./chromium.cjs");
const { ensurePostgres15 } = require("./postgres-15.cjs");
const { ensurePython } = require("./python.cjs");

const reports = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-test-"));

function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(path.join(reports, file), "utf8"));
  } catch {
    return null;
  }
}

/** A run that ended badly without a readable report, or without a test, is one failure: never zero. */
function countOf(status, passed, failed) {
  if (status !== 0 && failed === 0) return { passed, failed: 1 };
  if (passed + failed === 0) return { passed: 0, failed: 1 };
  return { passed, failed };
}

function testChecks() {
  const failed = runChecks();
  return { passed: CHECKS.length - failed.length, failed: failed.length };
}

function testUnits() {
  process.stdout.write("\n── unit and store tests\n");
  ensurePostgres15();
  ensurePython();
  const status = run(process.execPath, [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--exclude=architecture.test.ts",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${path.join(reports, "vitest.json")}`,
  ]);
  const report = readReport("vitest.json");
  return countOf(status, report?.numPassedTests ?? 0, report?.numFailedTests ?? 0);
}

function testJourneys() {
  process.stdout.write("\n── journeys in a real browser\n");
  ensureBuilt();
  const status = run(process.execPath, ["node_modules/@playwright/test/cli.js", "test"], {
    env: {
      CHROMIUM_PATH: ensureChromium(),
      PLAYWRIGHT_JSON_OUTPUT_FILE: path.join(reports, "playwright.json"),
    },
  });
  const stats = readReport("playwright.json")?.stats;
  // A flaky test passed only at a second try: that is a failure to look at.
  return countOf(status, stats?.expected ?? 0, (stats?.unexpected ?? 0) + (stats?.flaky ?? 0));
}

const counts = [testChecks(), testUnits(), testJourneys()];
fs.rmSync(reports, { recursive: true, force: true });
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
