import { z } from "zod";
import { generationFloor } from "@/db/clickhouse/bucket-states";
import type { ClickHouse } from "@/db/clickhouse/client";
import { DAY_TABLES } from "@/db/clickhouse/cubes";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

/** Generations of a statement: they travel in a URL. */
const DELETED_A_STATEMENT = 400;
const MAX_DELETED = 20_000;
const generations = z.array(z.object({ generation: z.string().transform(BigInt) }));

/**
 * Deletes generations that were replaced, or begun and never flipped, before an instant: far enough back that no
 * reader still has them in its list. Every generation has rows of the smallest cube, which is what is looked through.
 * @returns how many generations were deleted. @throws QueryFailedError, MalformedRowError
 */
export async function deleteOldGenerations(
  clickhouse: ClickHouse,
  replacedByMs: number,
): Promise<number> {
  const before = generationFloor(replacedByMs);
  const rows = generations.safeParse(
    await clickhouse.query(
      `SELECT DISTINCT generation FROM (
         SELECT project_id, grain, bucket, generation FROM calls_rollup
         WHERE cube = 'status' AND generation < {before:UInt64}) AS kept
       LEFT JOIN (
         SELECT project_id, grain, bucket, max(flip).2 AS current FROM bucket_generations
         GROUP BY project_id, grain, bucket) AS flips USING (project_id, grain, bucket)
       WHERE generation != current AND current < {before:UInt64}
       LIMIT ${MAX_DELETED}`,
      { before },
    ),
  );
  if (!rows.success) throw new MalformedRowError("delete-old-generations", rows.error);
  const numbers = rows.data.map(({ generation }) => generation);
  if (numbers.length === 0) return 0;
  // The table that was looked through comes last: cut short, the others' rows are found again.
  for (const table of [...Object.values(DAY_TABLES), "session_ranks", "calls_rollup"]) {
    for (let from = 0; from < numbers.length; from += DELETED_A_STATEMENT) {
      await clickhouse.command(`DELETE FROM ${table} WHERE generation IN {numbers:Array(UInt64)}`, {
        numbers: numbers.slice(from, from + DELETED_A_STATEMENT),
      });
    }
  }
  return numbers.length;
}

/** Removes all rollups of a project, and resolves when they are gone from disk. @throws QueryFailedError */
export async function deleteProjectRollups(
  clickhouse: ClickHouse,
  projectId: string,
): Promise<void> {
  // Changes first: without one a bucket is never clean, so a rebuild under way shows nothing.
  const tables = ["bucket_changes", "bucket_generations", "calls_rollup", "sealed_calls"];
  for (const table of [...tables, ...Object.values(DAY_TABLES), "long_sessions", "session_ranks"]) {
    await clickhouse.command(
      `ALTER TABLE ${table} DELETE WHERE project_id = {projectId:String}`,
      { projectId },
      { mutations_sync: 1 },
    );
  }
}
