import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";

/** Each resolves when the text is gone from the disk, but for old parts that the engine drops some minutes later. */
const WAIT = { mutations_sync: 2 } as const;

/** Deletes everything that was said in a project. @throws QueryFailedError */
export async function deleteProjectContents(
  clickhouse: ClickHouse,
  projectId: string,
): Promise<void> {
  await clickhouse.command(
    "ALTER TABLE call_contents DELETE WHERE project_id = {projectId:String}",
    { projectId },
    WAIT,
  );
}

/**
 * Deletes what was said in a project's buckets before an instant.
 * @param asked.beforeSeconds since 1970. @returns whether there was any
 * @throws QueryFailedError
 */
export async function deleteExpiredContents(
  clickhouse: ClickHouse,
  asked: { projectId: string; beforeSeconds: number },
): Promise<boolean> {
  if (!(await hasContents(clickhouse, asked))) return false;
  await clickhouse.command(
    `ALTER TABLE call_contents DELETE
     WHERE project_id = {projectId:String} AND bucket < toDateTime({beforeSeconds:UInt32}, 'UTC')`,
    asked,
    WAIT,
  );
  return true;
}

/**
 * Deletes what was said in calls that a correction erased a name from, and whatever is kept under that name.
 * @throws QueryFailedError
 */
export async function deleteErasedContents(
  clickhouse: ClickHouse,
  erased: { projectId: string; column: "user" | "session"; name: string; correctionId: string },
): Promise<void> {
  const { column, ...values } = erased;
  if (!(await hasContents(clickhouse, { ...values, beforeSeconds: END_SECONDS }))) return;
  await clickhouse.command(
    `ALTER TABLE call_contents DELETE
     WHERE project_id = {projectId:String} AND (${column} = {name:String} OR (bucket, id) IN (
       SELECT bucket, id FROM llm_calls
       WHERE project_id = {projectId:String} AND (correction_id = {correctionId:String}
         OR has(earlier.correction_id, {correctionId:String}))))`,
    values,
    WAIT,
  );
}

const END_SECONDS = 4_294_967_295;
const found = z.array(z.unknown());

/** The table's order answers it: a mutation that finds nothing would still be written down for every part. */
async function hasContents(
  clickhouse: ClickHouse,
  { projectId, beforeSeconds }: { projectId: string; beforeSeconds: number },
): Promise<boolean> {
  const rows = await clickhouse.query(
    `SELECT 1 AS one FROM call_contents
     WHERE project_id = {projectId:String} AND bucket < toDateTime({beforeSeconds:UInt32}, 'UTC') LIMIT 1`,
    { projectId, beforeSeconds },
  );
  return found.parse(rows).length > 0;
}
