import type { ClickHouse } from "@/db/clickhouse/client";

/**
 * Removes from the disk the older copies of calls that a correction erased a name from, and their late duplicates;
 * resolves when they are gone. A call of that name which the correction did not reach is not touched: it is a fact that
 * arrived later. The parts that hold such a row are rewritten; the engine drops the old ones some minutes later.
 * @throws QueryFailedError
 */
export async function deleteSupersededNames(
  clickhouse: ClickHouse,
  erased: { projectId: string; column: "user" | "session"; name: string; correctionId: string },
): Promise<void> {
  const { column, ...values } = erased;
  await clickhouse.command(
    `ALTER TABLE llm_calls DELETE
     WHERE project_id = {projectId:String} AND ${column} = {name:String}
       AND (bucket, id) IN (
         SELECT bucket, id FROM llm_calls
         WHERE project_id = {projectId:String} AND (correction_id = {correctionId:String}
           OR has(earlier.correction_id, {correctionId:String})))`,
    values,
    { mutations_sync: 2 },
  );
}
