import type { ClickHouse } from "@/db/clickhouse/client";
import { insertCallsSql, type NamedData } from "./named-data";

const BLOCK = 100_000;

/** Inserts the named data as calls of a project, and a change for each bucket, as the drain records one. */
export async function fillNamedData(
  clickhouse: ClickHouse,
  projectId: string,
  data: NamedData,
): Promise<void> {
  for (let from = 0; from < data.calls; from += BLOCK) {
    const count = Math.min(BLOCK, data.calls - from);
    await clickhouse.command(insertCallsSql(data, projectId, from, count));
  }
  await clickhouse.command(
    `INSERT INTO bucket_changes (project_id, bucket, writer, change)
     SELECT DISTINCT project_id, bucket, 1, 1 FROM llm_calls WHERE project_id = {projectId:String}`,
    { projectId },
  );
}
