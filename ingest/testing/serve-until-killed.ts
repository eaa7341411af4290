/**
 * A process of its own, for the test that kills it: takes events over HTTP into the folder it is given, and tells
 * its address and a key on stdout.
 */
import { openTestIngest } from "@/ingest/testing/open-ingest";

const dir = process.argv[2];
if (!dir) throw new Error("which folder?");
const ingest = await openTestIngest({ dir });
const key = await ingest.makeKey();
process.stdout.write(`${JSON.stringify({ url: ingest.url, key })}\n`);
