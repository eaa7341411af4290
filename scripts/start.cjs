/** `npm start`: installs and builds what is missing, then serves. */
const { checkNode, ensureBuilt, ensureInstalled } = require("./prepare.cjs");

checkNode();
// libuv reads the size of its thread pool once, before the first use: queries of the embedded store each
// hold a thread for as long as they run, and four would make an insert wait for a slow page.
process.env.UV_THREADPOOL_SIZE ??= "16";
process.env.NODE_ENV ??= "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";

ensureInstalled({ dev: false });
ensureBuilt();
process.chdir(require("./prepare.cjs").ROOT);
import("../dist/server.js").catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
