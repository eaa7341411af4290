/** `npm run bench`: installs and builds what is missing, then measures (bench/run.ts). */
const { checkNode, ensureBuilt, ensureInstalled, run } = require("./prepare.cjs");

checkNode();
ensureInstalled({ dev: false });
ensureBuilt();
process.exit(run(process.execPath, ["--import", "tsx", "bench/run.ts", ...process.argv.slice(2)]));
