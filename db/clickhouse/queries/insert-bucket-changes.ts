import type { ClickHouse } from "@/db/clickhouse/client";

/** A bucket (seconds since 1970) of a project. */
export interface ProjectBucket {
  projectId: string;
  bucket: number;
}

/**
 * Records that rows of these buckets were inserted. Call it after the insert and before the spool forgets the rows.
 * @param change.writer this start of this process: an unsigned 64-bit number as text.
 * @param change.number greater than every number this writer gave before.
 * @throws QueryFailedError
 */
export async function insertBucketChanges(
  clickhouse: Pick<ClickHouse, "insertLines">,
  buckets: readonly ProjectBucket[],
  change: { writer: string; number: number },
): Promise<void> {
  const lines = buckets.map(
    ({ projectId, bucket }) =>
      `${JSON.stringify({ project_id: projectId, bucket, writer: change.writer, change: change.number })}\n`,
  );
  await clickhouse.insertLines("bucket_changes", lines.join(""));
}
