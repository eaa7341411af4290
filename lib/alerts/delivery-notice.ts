import type { Db } from "@/db/postgres";
import {
  type DeliveryRow,
  listAlertsOfDelivery,
  resolvedDeliveryOf,
} from "@/db/queries/deliveries";
import { listProjectRows } from "@/db/queries/projects";
import { readAlertRow } from "@/lib/alerts/alert-row";
import { describeAlert } from "@/lib/alerts/describe-alert";
import { toDescribedAlert } from "@/lib/alerts/described-alert";
import type { Notice } from "@/lib/channels/notice";

/** What a delivery tells, in words, with its alerts as they were recorded. */
export async function readNotice(
  db: Db,
  delivery: Pick<DeliveryRow, "id" | "resends" | "digestKey">,
  publicUrl: string,
): Promise<Notice> {
  const opened = resolvedDeliveryOf(delivery);
  const rows = await listAlertsOfDelivery(db, delivery.id);
  const slugs = new Map((await listProjectRows(db)).map(({ id, slug }) => [id, slug]));
  const { id, resends } = delivery;
  return {
    id: resends === 0 ? id : `${id}.${resends}`,
    dedupKey: `outlay-${opened ?? id}`,
    event: opened === null ? "alert" : "resolved",
    publicUrl,
    alerts: rows.map((row) => {
      const described = toDescribedAlert(readAlertRow(row), slugs);
      const { project, facts } = described;
      return { ...describeAlert(described), id: row.id, project, facts };
    }),
  };
}
