/**
 * A process of its own, for the test that kills it: takes events over HTTP into the folder it is given (and the
 * database, else an embedded one there), and tells its address and a key on stdout.
 */
import { openPostgres } from "@/db/postgres";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { createLog } from "@/lib/log";

const [, , dir, databaseUrl] = process.argv;
if (!dir) throw new Error("which folder?");
const log = createLog("silent");
const postgres = await openPostgres({ databaseUrl: databaseUrl || null, dataDir: dir, log });
const ingest = await openTestIngest({ dir, postgres });
const key = await ingest.makeKey();
process.stdout.write(`${JSON.stringify({ url: ingest.url, key })}\n`);
