/** `npm run dev`: the same server from the sources, pages reload as you type. */
const { ROOT, checkNode, ensureInstalled } = require("./prepare.cjs");

checkNode();
// Before the first use of libuv's pool; see scripts/start.cjs.
process.env.UV_THREADPOOL_SIZE ??= "16";
process.env.NODE_ENV = "development";
process.env.NEXT_TELEMETRY_DISABLED = "1";
ensureInstalled({ dev: true });
process.chdir(ROOT);
import("tsx/esm/api")
  .then(({ register }) => {
    register();
    return import("../server.ts");
  })
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
