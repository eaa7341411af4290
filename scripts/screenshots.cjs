/** `npm run screenshots`: installs and builds what is missing, then takes the README's pictures. */
const { checkNode, ensureBuilt, ensureInstalled, run } = require("./prepare.cjs");

checkNode();
ensureInstalled({ dev: true });
ensureBuilt();
const env = { CHROMIUM_PATH: require("./chromium.cjs").ensureChromium() };
process.exit(run(process.execPath, ["--import", "tsx", "scripts/screenshots.ts"], { env }));
