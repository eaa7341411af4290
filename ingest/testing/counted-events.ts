import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { spendCounters } from "@/db/schema/counters";
import type { SpoolEvent } from "@/ingest/spool/spool-event";

/** Events of a project as the spool takes them, without what a request goes through before. */
export function makeSpoolEvents(
  projectId: string,
  count: number,
  options: { bucket?: number; costUsd?: string | null } = {},
): SpoolEvent[] {
  const { bucket = 900, costUsd = "0.000000000000001" } = options;
  return Array.from({ length: count }, () => {
    const id = randomUUID();
    const cost = costUsd === null ? "" : `,"cost_usd":"${costUsd}"`;
    const row = `,"project_id":"${projectId}","bucket":${bucket},"id":"${id}"${cost}}\n`;
    const identity = { projectId, bucket, id, contentHash: Buffer.alloc(16) };
    return { row: Buffer.from(row), identity };
  });
}

/** A project's counters by bucket. */
export async function readCounters(db: Db, projectId: string) {
  const rows = await db
    .select()
    .from(spendCounters)
    .where(eq(spendCounters.projectId, projectId))
    .orderBy(spendCounters.bucket);
  return rows.map(({ bucket, events, costUsd, unknownCosts }) => {
    return { bucket, events, costUsd, unknownCosts };
  });
}
