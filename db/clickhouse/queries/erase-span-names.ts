import { z } from "zod";
import type { ClickHouse } from "@/db/clickhouse/client";
import { nextVersion } from "@/db/clickhouse/llm-call-row";
import { MalformedRowError } from "@/db/clickhouse/store-errors";

const spanRow = z.looseObject({ facts: z.string(), session: z.string(), version: z.string() });

/** A user or a session of one project, and the erasure that takes it away. */
export interface ErasedName {
  projectId: string;
  column: "user" | "session";
  name: string;
  correctionId: string;
}

/** Spans that are rewritten at a time: some megabytes of text. */
const SPANS_AT_ONCE = 5_000;

/**
 * Takes a name out of what the spans of a project say: out of every span of the traces it stands in, as a person's user
 * and session both lead to them. Resolves when older copies are gone from the disk. It may be repeated.
 * @param erase what becomes of the JSON of a span's facts
 * @throws QueryFailedError, MalformedRowError
 */
export async function eraseSpanNames(
  clickhouse: ClickHouse,
  { projectId, column, name, correctionId }: ErasedName,
  erase: (facts: string) => { facts: string; session: string },
): Promise<void> {
  const values = { projectId, name, correctionId };
  // A log record of no trace is looked at by itself.
  const group = "if(trace_id = '', span_id, trace_id)";
  for (;;) {
    const found = await clickhouse.query(
      `SELECT * FROM trace_spans FINAL
       WHERE project_id = {projectId:String} AND correction_id != {correctionId:String} AND ${group} IN (
         SELECT ${group} FROM trace_spans
         WHERE project_id = {projectId:String}
           AND JSONExtractString(facts, 'tags', '${column}') = {name:String})
       LIMIT ${SPANS_AT_ONCE}`,
      values,
    );
    const rows = z.array(spanRow).safeParse(found);
    if (!rows.success) throw new MalformedRowError("erase-span-names", rows.error);
    if (rows.data.length === 0) break;
    const lines = rows.data.map((row) => {
      const version = nextVersion(row.version);
      const next = { ...row, ...erase(row.facts), version, correction_id: correctionId };
      return `${JSON.stringify(next)}\n`;
    });
    await clickhouse.insertLines("trace_spans", lines.join(""));
  }
  await clickhouse.command(
    `ALTER TABLE trace_spans DELETE
     WHERE project_id = {projectId:String} AND correction_id != {correctionId:String}
       AND (bucket, trace_id, span_id) IN (
         SELECT bucket, trace_id, span_id FROM trace_spans
         WHERE project_id = {projectId:String} AND correction_id = {correctionId:String})`,
    { projectId, correctionId },
    { mutations_sync: 2 },
  );
}

/** Deletes the spans of whole UTC days that expired. @param beforeSeconds the first day that is kept, seconds since 1970 */
export async function deleteOldSpans(
  clickhouse: ClickHouse,
  asked: { projectId: string; beforeSeconds: number },
): Promise<boolean> {
  const where =
    "project_id = {projectId:String} AND bucket < toDateTime({beforeSeconds:UInt32}, 'UTC')";
  const found = await clickhouse.query(`SELECT 1 FROM trace_spans WHERE ${where} LIMIT 1`, asked);
  if (found.length === 0) return false;
  const settings = { mutations_sync: 2 } as const;
  await clickhouse.command(`ALTER TABLE trace_spans DELETE WHERE ${where}`, asked, settings);
  return true;
}
