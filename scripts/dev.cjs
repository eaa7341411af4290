/** `npm run dev`: the same server from the sources, pages reload as you type. */
const { checkNode, ensureInstalled, run } = require("./prepare.cjs");

checkNode();
ensureInstalled({ dev: true });
const env = { UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? "16", NODE_ENV: "development" };
process.exit(run(process.execPath, ["--import", "tsx", "server.ts"], { env }));
