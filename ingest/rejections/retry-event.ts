import type { Db } from "@/db/postgres";
import { findProject } from "@/db/queries/projects";
import type { RejectionRow } from "@/db/queries/rejections";
import { type AcceptDeps, acceptEvents } from "@/ingest/events/accept-events";
import { rowPrefixOf } from "@/ingest/events/derive-row";
import { toIngestProject } from "@/ingest/project-lookup";
import type { FieldError } from "@/lib/errors";

const BUCKET_SECONDS = 900;

/**
 * Sends an event that did not count through ingest once more. Repeated after a crash, with the same spool, it counts
 * once: its identity is the same each time.
 * @returns why it does not count, or null where it does.
 * @throws OutlayError `unavailable` where the spool takes nothing; then nothing happened.
 */
export async function retryEvent(
  row: RejectionRow,
  deps: Omit<AcceptDeps, "rejections"> & { db: Db; nowMs: number },
): Promise<FieldError[] | null> {
  if (row.kind === "poisoned") return spoolAgain(row, deps);
  const project = await findProject(deps.db, row.projectId);
  if (!project || project.archivedAt) return [{ path: "", message: "its project was removed" }];
  const sender = { ...toIngestProject(project), apiKeyId: row.apiKeyId ?? "" };
  const event = { value: withIdentity(JSON.parse(row.body), row) };
  const context = { ...sender, nowMs: deps.nowMs, rowPrefix: rowPrefixOf(sender) };
  const result = await acceptEvents([event], context, { ...deps, rejections: null });
  return [...result.rejected, ...result.conflicts][0]?.errors ?? null;
}

/**
 * The row goes into the spool as it is. Its own identity is known there since it was accepted first, so this retry has
 * one of its own, in the bucket of the retry: the index forgets old buckets first.
 */
async function spoolAgain(row: RejectionRow, { spool }: Pick<AcceptDeps, "spool">): Promise<null> {
  const retriedMs = row.retriedAt?.getTime() ?? 0;
  const bucket = Math.floor(retriedMs / 1000 / BUCKET_SECONDS) * BUCKET_SECONDS;
  const identity = {
    projectId: "retries of poisoned events",
    bucket,
    id: `${row.id} ${retriedMs}`,
    contentHash: Buffer.alloc(16),
  };
  const line = row.body.endsWith("\n") ? row.body : `${row.body}\n`;
  await spool.append([{ row: Buffer.from(line), identity }]);
  return null;
}

/** What was sent without an id gets one, and a timestamp, the same at each try: or a crash would count it twice. */
function withIdentity(value: unknown, row: RejectionRow): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const event = value as Record<string, unknown>;
  if (event.id !== undefined && event.id !== null) return event;
  const timestamp = event.timestamp ?? row.receivedAt.toISOString();
  return { ...event, id: `retry:${row.id}`, timestamp };
}
