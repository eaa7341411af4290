import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

const rows = z.tuple([z.object({ version: z.string() })]);

/** The engine's own version, such as `26.7.1.1`. @throws QueryFailedError, MalformedRowError */
export async function findClickHouseVersion(clickhouse: ClickHouse): Promise<string> {
  const parsed = rows.safeParse(await clickhouse.query("SELECT version() AS version"));
  if (!parsed.success) throw new MalformedRowError("find-version", parsed.error);
  return parsed.data[0].version;
}
