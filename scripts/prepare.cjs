/**
 * Brings a clone into a state that can run: checks the platform, installs from the lock file, builds.
 * Plain CommonJS without dependencies: it runs before there are any. Each step is skipped when its
 * stamp says that nothing it depends on has changed.
 */
const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "..");
const INSTALL_STAMP = path.join(ROOT, "node_modules", ".outlay-install.json");
const BUILD_STAMP = path.join(ROOT, "dist", "build-stamp.json");
const SOURCES = ["app", "components", "db", "ingest", "lib", "sdk"];
const SOURCE_FILES = [
  "server.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "scripts/build.mjs",
];

/** Ends the process with one clear sentence and exit code 1. */
function fail(sentence) {
  process.stderr.write(`outlay: ${sentence}\n`);
  process.exit(1);
}

/** Node 20.19 is the first 20 that Next 16 runs on; `process.versions` is there in every Node. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node.js ${process.versions.node} is too old: version 20.19 or newer is needed.`);
  }
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...options.env },
    // On Windows npm is a .cmd file, which only a shell can start.
    shell: process.platform === "win32",
  });
  if (result.error) fail(`${command} could not be started: ${result.error.message}.`);
  // A signal (Ctrl-C) ends us the way it ended the child.
  if (result.signal) process.exit(1);
  return result.status ?? 1;
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

function hashFiles(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(file)
      .update("\0")
      .update(fs.readFileSync(path.join(ROOT, file)));
  return hash.digest("hex");
}

function listSources() {
  const found = SOURCE_FILES.filter((file) => fs.existsSync(path.join(ROOT, file)));
  for (const folder of SOURCES) {
    const absolute = path.join(ROOT, folder);
    if (!fs.existsSync(absolute)) continue;
    for (const entry of fs.readdirSync(absolute, { recursive: true, withFileTypes: true })) {
      const file = path.relative(ROOT, path.join(entry.parentPath, entry.name));
      if (entry.isFile() && !/\.test\.tsx?$/.test(file)) found.push(file);
    }
  }
  return found.sort();
}

/**
 * Installs what package-lock.json names, unless it is installed already.
 * @param {{ dev: boolean }} options dev: with the tools for tests and checks.
 */
function ensureInstalled({ dev }) {
  const lock = hashFiles(["package-lock.json"]);
  const host = `${process.platform}-${process.arch}-node${process.versions.modules}`;
  const stamp = readJson(INSTALL_STAMP);
  if (stamp && stamp.lock === lock && stamp.host === host && (stamp.dev || !dev)) return;
  process.stdout.write("outlay: installing packages from package-lock.json …\n");
  const args = ["ci", "--no-audit", "--no-fund", ...(dev ? ["--include=dev"] : ["--omit=dev"])];
  if (run("npm", args) !== 0) fail("npm could not install the packages; its own message is above.");
  fs.writeFileSync(INSTALL_STAMP, JSON.stringify({ lock, host, dev }));
}

/** Builds the pages and the server, unless the build is newer than every source file. */
function ensureBuilt() {
  const sources = hashFiles(listSources());
  if (
    readJson(BUILD_STAMP)?.sources === sources &&
    fs.existsSync(path.join(ROOT, "dist/server.js"))
  ) {
    return;
  }
  process.stdout.write("outlay: building (about a minute, once) …\n");
  if (run(process.execPath, ["scripts/build.mjs"]) !== 0) {
    fail("the build failed; its own message is above.");
  }
  fs.writeFileSync(BUILD_STAMP, JSON.stringify({ sources }));
}

module.exports = { ROOT, checkNode, ensureBuilt, ensureInstalled, fail, run };
