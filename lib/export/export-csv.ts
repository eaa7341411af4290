import type { Db } from "@/db/postgres";
import { type Actor, can, forbidden } from "@/lib/auth/actor";
import { formatInstant } from "@/lib/calendar/format-instant";
import { resolveRange } from "@/lib/calls/resolve-range";
import { withByteOrderMark } from "@/lib/export/byte-order-mark";
import { chooseMoment } from "@/lib/export/choose-moment";
import { exportFileName } from "@/lib/export/export-file-name";
import type { ExportQuery } from "@/lib/export/export-schemas";
import { streamCsv } from "@/lib/export/stream-csv";
import { writeCallsCsv } from "@/lib/export/write-calls-csv";
import { writeSessionsCsv } from "@/lib/export/write-sessions-csv";
import { writeSpendCsv } from "@/lib/export/write-spend-csv";
import type { ProjectAccess } from "@/lib/projects/resolve-projects";
import type { Runtime } from "@/lib/runtime";
import { getSettings } from "@/lib/settings/get-settings";

interface ExportContext {
  runtime: Runtime;
  db: Db;
  actor: Actor;
  requestId: string;
  projects: readonly ProjectAccess[];
}

/**
 * Answers GET /api/export: the same question, under the same permission, as the page's own, as a file of any size that
 * is made while it is read.
 * @throws OutlayError `forbidden`, and what the question itself is refused with
 */
export async function exportCsv(context: ExportContext, query: ExportQuery): Promise<Response> {
  const { runtime, actor, requestId } = context;
  const permission = query.of === "spend" ? "spend.read" : "calls.read";
  const projects = context.projects.filter(({ id }) => can(actor, permission, id));
  if (projects.length === 0) throw forbidden(actor, permission);
  const settings = await getSettings(context.db, runtime.env);
  const nowMs = Date.now();
  const freshness = await runtime.freshness();
  const momentUs = chooseMoment(freshness, nowMs);
  const stores = { clickhouse: runtime.clickhouse, projects, nowMs, momentUs };
  const range = resolveRange(query.question, nowMs);
  // A list of calls or sessions has instants and no calendar: they are UTC, as in the list's own answer.
  const timeZone = query.of === "spend" ? (query.question.timeZone ?? settings.time_zone) : "UTC";
  const cursorSecret = runtime.secrets.nextauth;
  const listLines = () => {
    switch (query.of) {
      case "spend":
        return writeSpendCsv(
          { ...stores, freshness, organisationTimeZone: settings.time_zone },
          { ...query.question, ...range },
        );
      case "calls":
        return writeCallsCsv({ ...stores, cursorSecret }, { ...query.question, ...range });
      case "sessions":
        return writeSessionsCsv(
          { ...stores, db: context.db, cursorSecret },
          { ...query.question, ...range },
        );
    }
  };
  const lines = query.hasBom ? withByteOrderMark(listLines()) : listLines();
  const name = exportFileName({
    of: query.of,
    projects,
    from: formatInstant(range.fromUs, timeZone),
    to: formatInstant(range.toUs, timeZone),
    timeZone,
  });
  return new Response(await streamCsv(lines, { log: runtime.log, requestId }), {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${name}"`,
      // Money and names: no proxy and no Back button keeps them.
      "cache-control": "no-store",
    },
  });
}
