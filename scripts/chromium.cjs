/** Finds the browser that the end-to-end tests and screenshots use, or installs it where that is possible. */
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const { fail, run } = require("./prepare.cjs");

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

function findChromium() {
  return CANDIDATES.find((file) => file && fs.existsSync(file)) ?? null;
}

/** Playwright's own download, where its host can be reached. */
function findPlaywrightChromium() {
  const file = require("playwright-core").chromium.executablePath();
  return fs.existsSync(file) ? file : null;
}

/** @returns the path of a Chromium; ends the process with advice where none can be had. */
function ensureChromium() {
  const found = findChromium() ?? findPlaywrightChromium();
  if (found) return found;
  const isDebian = fs.existsSync("/etc/debian_version");
  if (isDebian && process.getuid?.() === 0) {
    process.stdout.write("outlay: installing Chromium from Debian's packages …\n");
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update", "-qq"], { env });
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env });
  } else {
    spawnSync("npx", ["playwright", "install", "chromium"], { stdio: "inherit" });
  }
  const installed = findChromium() ?? findPlaywrightChromium();
  if (!installed) {
    fail("no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.");
  }
  return installed;
}

module.exports = { ensureChromium };
