import { z } from "zod";
import type { Db } from "@/db/postgres";
import { listAlertRows } from "@/db/queries/alerts";
import { listChannelRowsById } from "@/db/queries/channels";
import { listAttempts, listDeliveriesOfAlerts } from "@/db/queries/deliveries";
import { toAlertAnswer } from "@/lib/alerts/alert-answer";
import type { AlertAnswer, AlertListAnswer, AlertsQuery } from "@/lib/alerts/alert-schemas";
import { type Actor, can } from "@/lib/auth/actor";
import { readCursor, writeCursor } from "@/lib/cursor";
import type { ProjectAccess } from "@/lib/projects/resolve-projects";

const positionSchema = z.object({ openedMs: z.int(), id: z.uuid() });

/** Who reads, and what they may see. */
export interface AlertReader {
  db: Db;
  actor: Actor;
  /** Projects whose alerts they may read. */
  projects: readonly Pick<ProjectAccess, "id" | "slug">[];
}

/**
 * Alerts of the reader's projects, and those of the whole installation, latest first. Of these a reader without reach
 * sees that there are some, and no name of another project.
 * @throws OutlayError `bad_request` for a cursor of another question
 */
export async function listAlerts(
  reader: AlertReader & { cursorSecret: string },
  query: AlertsQuery,
  nowMs = Date.now(),
): Promise<AlertListAnswer> {
  const { cursor, limit, ...question } = query;
  const projectIds = reader.projects.map(({ id }) => id).sort();
  const signed = ["alerts", question, projectIds];
  const position = cursor
    ? positionSchema.parse(readCursor(reader.cursorSecret, signed, cursor))
    : null;
  const rows = await listAlertRows(reader.db, {
    projectIds,
    values: can(reader.actor, "alerts.read", null) ? null : projectIds,
    kind: query.kind ?? null,
    state: query.state ?? null,
    budgetId: query.budget ?? null,
    after: position && { openedAt: new Date(position.openedMs), id: position.id },
    now: new Date(nowMs),
    // One more than the page: whether there is a next one is known, not guessed.
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1)?.alert;
  return {
    alerts: await answerAlerts(reader, page),
    next_cursor:
      last && rows.length > limit
        ? writeCursor(reader.cursorSecret, signed, {
            openedMs: last.openedAt.getTime(),
            id: last.id,
          })
        : null,
  };
}

/** Alerts with who was told of them. */
export async function answerAlerts(
  { db, actor, projects }: AlertReader,
  rows: Awaited<ReturnType<typeof listAlertRows>>,
): Promise<AlertAnswer[]> {
  const deliveries = await listDeliveriesOfAlerts(
    db,
    rows.map(({ alert }) => alert.id),
  );
  const ids = [...new Set(deliveries.map(({ delivery }) => delivery.id))];
  const channelIds = [...new Set(deliveries.map(({ delivery }) => delivery.channelId))];
  const channels = await listChannelRowsById(db, channelIds);
  const context = {
    actor,
    slugs: new Map(projects.map(({ id, slug }) => [id, slug])),
    deliveries,
    attempts: await listAttempts(db, ids),
    channels: new Map(channels.map((row) => [row.id, row])),
  };
  return rows.map((row) => toAlertAnswer(row, context));
}
