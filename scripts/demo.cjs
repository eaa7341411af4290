/** `npm run demo`: installs and builds what is missing, then runs the demo's client (scripts/demo.ts). */
const { checkNode, ensureBuilt, ensureInstalled, run } = require("./prepare.cjs");

checkNode();
ensureInstalled({ dev: false });
ensureBuilt();
process.exit(
  run(process.execPath, ["--import", "tsx", "scripts/demo.ts", ...process.argv.slice(2)]),
);
