import type { Db } from "@/db/postgres";
import { insertAlertRows } from "@/db/queries/alerts";
import type { Alert, NewAlert } from "@/lib/alerts/alert";
import { readAlertRow } from "@/lib/alerts/alert-row";

/**
 * Records what was found, in the transaction that found it: each key once, however many find it at once. Wake the
 * teller (`getRuntime().alerts.wake()`) when the transaction is committed; it looks each second by itself.
 * @returns those that are new
 */
export async function recordAlerts(tx: Db, alerts: readonly NewAlert[]): Promise<Alert[]> {
  const rows = alerts.map(({ percent, audience, notify, ...alert }) => ({
    ...alert,
    kind: alert.facts.kind,
    percent: percent === null ? null : percent.toFixed(2),
    audience: [...audience],
    notify: [...notify],
  }));
  return (await insertAlertRows(tx, rows)).map(readAlertRow);
}
