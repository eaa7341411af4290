import type { ClickHouse } from "@/db/clickhouse/client";

/**
 * Removes from the disk the older copies of calls that a correction erased a name from, and their late duplicates;
 * resolves when they are gone. All copies go: linking may have brought a person's session before it brought the user.
 * So do copies with the name of calls that have another one now, as more of their trace came. A call of that name which
 * the correction did not reach is not touched: it is a fact that arrived later. The parts that hold such a row are
 * rewritten; the engine drops the old ones some minutes later.
 * @throws QueryFailedError
 */
export async function deleteSupersededNames(
  clickhouse: ClickHouse,
  erased: { projectId: string; column: "user" | "session"; name: string; correctionId: string },
): Promise<void> {
  const { column, ...values } = erased;
  await clickhouse.command(
    `ALTER TABLE llm_calls DELETE
     WHERE project_id = {projectId:String} AND (
       (NOT ${CARRIES_IT} AND (bucket, id) IN (
         SELECT bucket, id FROM llm_calls WHERE project_id = {projectId:String} AND ${CARRIES_IT}))
       OR (${column} = {name:String} AND (bucket, id) NOT IN (
         SELECT bucket, id FROM llm_calls FINAL
         WHERE project_id = {projectId:String} AND ${column} = {name:String})))`,
    values,
    { mutations_sync: 2 },
  );
}

const CARRIES_IT = `(correction_id = {correctionId:String}
  OR has(earlier.correction_id, {correctionId:String}))`;
