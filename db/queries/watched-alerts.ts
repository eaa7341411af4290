import { and, desc, inArray, isNull } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import type { AlertRow } from "@/db/queries/alerts";
import { alerts } from "@/db/schema/alerts";

/** So many are looked at: an installation with more open alerts has nobody who reads them. */
const MOST_OPEN = 5_000;

/** Alerts of these kinds that are not over, the newest first. */
export async function listOpenAlertsOf(db: Db, kinds: readonly string[]): Promise<AlertRow[]> {
  return db
    .select()
    .from(alerts)
    .where(and(inArray(alerts.kind, [...kinds]), isNull(alerts.resolvedAt)))
    .orderBy(desc(alerts.openedAt), desc(alerts.id))
    .limit(MOST_OPEN);
}

/** The last alert about each of these subjects. */
export async function listLastAlertsOf(
  db: Db,
  subjects: readonly string[],
): Promise<Pick<AlertRow, "id" | "subject" | "resolvedAt">[]> {
  if (subjects.length === 0) return [];
  return db
    .selectDistinctOn([alerts.subject], {
      id: alerts.id,
      subject: alerts.subject,
      resolvedAt: alerts.resolvedAt,
    })
    .from(alerts)
    .where(inArray(alerts.subject, [...subjects]))
    .orderBy(alerts.subject, desc(alerts.openedAt), desc(alerts.id));
}
