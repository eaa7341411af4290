/** `npm run check`: format, lint, types, architecture. No store, no browser, no network. */
const { checkNode, ensureInstalled, run } = require("./prepare.cjs");

/** Each check by name; scripts/test.cjs runs the same list. */
const CHECKS = [
  {
    name: "format and lint",
    command: ["node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings"],
  },
  { name: "types", command: ["node_modules/typescript/bin/tsc", "--noEmit"] },
  {
    name: "architecture",
    command: ["node_modules/vitest/vitest.mjs", "run", "architecture.test.ts"],
  },
];

/** Runs all checks, also after one has failed, and returns the names of those that did. */
function runChecks() {
  const failed = [];
  for (const { name, command } of CHECKS) {
    process.stdout.write(`\n── ${name}\n`);
    if (run(process.execPath, command) !== 0) failed.push(name);
  }
  return failed;
}

module.exports = { CHECKS, runChecks };

if (require.main === module) {
  checkNode();
  ensureInstalled({ dev: true });
  const failed = runChecks();
  process.stdout.write(
    failed.length ? `\nfailed: ${failed.join(", ")}\n` : "\nall checks passed\n",
  );
  process.exit(failed.length ? 1 : 0);
}
