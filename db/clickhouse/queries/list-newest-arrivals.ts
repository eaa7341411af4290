import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import type { Generation } from "@/db/clickhouse/queries/rebuild-rollups";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

const newestRows = z.array(z.object({ start: z.int(), newest_us: z.string() }));

/**
 * When the newest of what a generation sums arrived or was revised, in microseconds since 1970 as text, for each of
 * its starts. Read it after the sums: what arrives in between makes it later than it need be, never too early. Calls
 * that do not count are among them, as not counting began at some moment too, and so are duplicates.
 * @throws QueryFailedError, MalformedRowError
 */
export async function listNewestArrivals(
  clickhouse: ClickHouse,
  { projectId, starts, grain }: Pick<Generation, "projectId" | "starts"> & { grain: number },
): Promise<string[]> {
  const rows = newestRows.safeParse(
    await clickhouse.query(
      `SELECT toUInt32(intDiv(toUInt32(bucket), {grain:UInt32}) * {grain:UInt32}) AS start,
         toUInt64(max(toUnixTimestamp64Micro(greatest(ingested_at, revised_at)))) AS newest_us
       FROM llm_calls
       WHERE project_id = {projectId:String}
         AND bucket >= toDateTime({from:UInt32}, 'UTC') AND bucket < toDateTime({to:UInt32}, 'UTC')
         AND start IN {starts:Array(UInt32)}
       GROUP BY start`,
      { projectId, starts, grain, from: starts[0] ?? 0, to: (starts.at(-1) ?? 0) + grain },
    ),
  );
  if (!rows.success) throw new MalformedRowError("list-newest-arrivals", rows.error);
  const newest = new Map(rows.data.map(({ start, newest_us }) => [start, newest_us]));
  return starts.map((start) => newest.get(start) ?? "0");
}
