/** `npm run demo`: installs and builds what is missing, then runs the demo's client (scripts/demo.ts). */
const { checkNode, ensureBuilt, ensureInstalled } = require("./prepare.cjs");

checkNode();
ensureInstalled({ dev: false });
ensureBuilt();
// In this process, not in a child: a signal that npm passes on reaches the client that has to clean up.
import("tsx/esm/api")
  .then(({ register }) => {
    register();
    return import("./demo.ts");
  })
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  });
