/**
 * A process of its own, for the test that kills it: takes events over HTTP into the folder it is given (and a database,
 * else one that dies with it), and tells its address and a key on stdout.
 */
import { openPostgres } from "@/db/postgres";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { createLog } from "@/lib/log";

const [, , dir, databaseUrl] = process.argv;
if (!dir) throw new Error("which folder?");
const postgres = databaseUrl
  ? await openPostgres({ databaseUrl, dataDir: dir, log: createLog("silent") })
  : null;
const ingest = await openTestIngest({ dir, ...(postgres ? { postgres } : {}) });
const key = await ingest.makeKey();
process.stdout.write(`${JSON.stringify({ url: ingest.url, key })}\n`);
