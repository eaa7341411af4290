/** `npm run bench`: installs and builds what is missing, then measures (bench/run.ts). */
const { checkNode, ensureBuilt, ensureInstalled, run } = require("./prepare.cjs");

checkNode();
const args = process.argv.slice(2);
const parts = args.filter((arg) => arg.startsWith("--only="));
// The screens are measured in Chromium, by tools that only developers install.
const hasScreens = parts.length === 0 || parts.includes("--only=screens");
ensureInstalled({ dev: hasScreens });
ensureBuilt();
const env = hasScreens ? { CHROMIUM_PATH: require("./chromium.cjs").ensureChromium() } : {};
process.exit(run(process.execPath, ["--import", "tsx", "bench/run.ts", ...args], { env }));
