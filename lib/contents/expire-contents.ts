import type { ClickHouse } from "@/db/clickhouse/client";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { deleteExpiredContents } from "@/db/clickhouse/queries/delete-contents";
import type { Db } from "@/db/postgres";
import { listProjectRows } from "@/db/queries/projects";

const DAY_MS = 86_400_000;

/**
 * Deletes what was said longer ago than each project keeps it, or its calls. What is due is not shown any more before it
 * is deleted, so nobody sees when this runs.
 * @returns projects of which something was deleted. @throws QueryFailedError
 */
export async function expireContents(context: {
  clickhouse: ClickHouse;
  db: Db;
  now: () => number;
  mustStop: () => boolean;
}): Promise<number> {
  let deleted = 0;
  for (const { id, contentRetentionDays, retentionDays } of await listProjectRows(context.db)) {
    if (context.mustStop()) break;
    const days = Math.min(contentRetentionDays, retentionDays ?? contentRetentionDays);
    const beforeUs = (context.now() - days * DAY_MS) * 1000;
    const asked = { projectId: id, beforeSeconds: toBucket(beforeUs) };
    if (await deleteExpiredContents(context.clickhouse, asked)) deleted += 1;
  }
  return deleted;
}
