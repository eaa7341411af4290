import type { Db } from "@/db/postgres";
import type { AlertRow } from "@/db/queries/alerts";
import {
  type DeliveryRow,
  listAlertsOfDeliveries,
  resolvedDeliveryOf,
} from "@/db/queries/deliveries";
import { listProjectRows } from "@/db/queries/projects";
import { readAlertRow } from "@/lib/alerts/alert-row";
import { describeAlert } from "@/lib/alerts/describe-alert";
import { toDescribedAlert } from "@/lib/alerts/described-alert";
import type { Notice } from "@/lib/channels/notice";

/** What deliveries tell, as it is stored. */
export interface Told {
  /** By the delivery's id. */
  alerts: ReadonlyMap<string, readonly AlertRow[]>;
  /** Of projects by id. */
  slugs: ReadonlyMap<string, string>;
}

/** Reads what deliveries tell, all at once. */
export async function readTold(db: Db, deliveries: readonly DeliveryRow[]): Promise<Told> {
  const ids = deliveries.map(({ id }) => id);
  const alerts = await listAlertsOfDeliveries(db, ids);
  const slugs = new Map((await listProjectRows(db)).map(({ id, slug }) => [id, slug]));
  return { alerts, slugs };
}

/** What a delivery tells, in words, with its alerts as they were recorded. */
export function toNotice(
  { alerts, slugs }: Told,
  delivery: Pick<DeliveryRow, "id" | "resends" | "digestKey">,
  publicUrl: string,
): Notice {
  const opened = resolvedDeliveryOf(delivery);
  const { id, resends } = delivery;
  return {
    id: resends === 0 ? id : `${id}.${resends}`,
    dedupKey: `outlay-${opened ?? id}`,
    event: opened === null ? "alert" : "resolved",
    publicUrl,
    alerts: (alerts.get(id) ?? []).map((row) => {
      const described = toDescribedAlert(readAlertRow(row), slugs);
      const { project, facts } = described;
      return { ...describeAlert(described), id: row.id, project, facts };
    }),
  };
}
