/**
 * A process of its own whose files cannot grow past what its shell allows, with a calls store that is away: the spool
 * fills its disk. Takes events over HTTP into the folder it is given, and tells its address and a key on stdout.
 */
import { openPostgres } from "@/db/postgres";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import { createLog } from "@/lib/log";

const [, , dir] = process.argv;
if (!dir) throw new Error("which folder?");
const away = Object.assign(new Error("away"), { engineCode: "ECONNREFUSED" });
const wrap = () => ({ insertLines: () => Promise.reject(away) });
const log = createLog("silent");
const postgres = await openPostgres({ databaseUrl: null, dataDir: dir, log });
const ingest = await openTestIngest({ dir, postgres, wrap });
const key = await ingest.makeKey();
process.stdout.write(`${JSON.stringify({ url: ingest.url, key })}\n`);
