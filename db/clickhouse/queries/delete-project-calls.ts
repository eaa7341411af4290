import type { ClickHouse } from "@/db/clickhouse/client";

/**
 * Removes every call and span of a project, and what was said in them, and resolves when they are gone from disk. The parts that hold some are
 * rewritten, so this is for removing a demo, not for daily use.
 * @throws QueryFailedError
 */
export async function deleteProjectCalls(clickhouse: ClickHouse, projectId: string): Promise<void> {
  for (const table of ["call_contents", "llm_calls", "trace_spans"]) {
    await clickhouse.command(
      `ALTER TABLE ${table} DELETE WHERE project_id = {projectId:String}`,
      { projectId },
      { mutations_sync: 1 },
    );
  }
}
