import type { ProjectBucket } from "@/db/clickhouse/queries/insert-bucket-changes";
import { scanRow } from "@/ingest/spool/scan-row";

/**
 * The buckets that the rows of a block lie in, each once.
 * @param lines rows of `llm_calls` as the spool holds them, one a line.
 * @throws Error for a row without them: its bucket's rollup would never learn of it.
 */
export function listTouchedBuckets(lines: string): ProjectBucket[] {
  const found = new Map<string, ProjectBucket>();
  let lastKey = "";
  for (let start = 0; start < lines.length; ) {
    const lineEnd = lines.indexOf("\n", start);
    const end = lineEnd < 0 ? lines.length : lineEnd;
    const row = scanRow(lines, start, end);
    if (!row) throw new Error("a row of the spool has no bucket");
    const { projectId, bucket } = row;
    const key = `${bucket} ${projectId}`;
    if (key !== lastKey && !found.has(key)) found.set(key, { projectId, bucket });
    lastKey = key;
    start = end + 1;
  }
  return [...found.values()];
}
