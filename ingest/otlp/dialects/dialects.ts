import type { Dialect } from "@/ingest/otlp/dialects/dialect";
import { outlay } from "@/ingest/otlp/dialects/outlay";

/** All that we read, the most telling first: ours, one client's, one library's, a convention of many. */
export const DIALECTS: readonly Dialect[] = [outlay];
