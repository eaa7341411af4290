import type { Postgres } from "@/db/postgres";
import { hasUntoldAlerts, lockUntoldAlertRows, markToldAlertRows } from "@/db/queries/alerts";
import { planResolutions } from "@/db/queries/deliveries";
import { tryJobLock } from "@/db/queries/job-lock";
import { readAlertRow } from "@/lib/alerts/alert-row";
import { planDeliveries } from "@/lib/alerts/plan-deliveries";
import {
  type BackgroundJob,
  CLOSE_WITHOUT_POSTGRES_MS,
  startBackgroundJob,
} from "@/lib/background-job";
import type { Log } from "@/lib/log";

/** How soon an alert that another process recorded is told; one of this process wakes the job. */
const LOOK_EVERY_MS = 1_000;
const RESOLVE_EVERY_MS = 10_000;
const ALERTS_PER_TRANSACTION = 500;
/** An incident that stays open for longer was closed by hand. */
const RESOLVED_WITHIN_MS = 30 * 86_400_000;

export interface TellContext {
  postgres: Postgres;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Plans the deliveries of alerts that nobody was told of yet. @returns how many alerts */
export async function tellAlerts({ postgres, now }: TellContext): Promise<number> {
  let told = 0;
  for (;;) {
    const some = await postgres.db.transaction(async (tx) => {
      const rows = await lockUntoldAlertRows(tx, ALERTS_PER_TRANSACTION);
      if (rows.length === 0) return 0;
      const at = new Date(now());
      await planDeliveries(tx, rows.map(readAlertRow), at);
      // Also where no channel is there: the alert says that nobody was told.
      await markToldAlertRows(
        tx,
        rows.map(({ id }) => id),
        at,
      );
      return rows.length;
    });
    told += some;
    if (some < ALERTS_PER_TRANSACTION) return told;
  }
}

/** Plans what resolves incidents of PagerDuty whose alerts are over. @returns how many */
export async function resolveIncidents({ postgres, now }: TellContext): Promise<number> {
  const nowMs = now();
  const since = new Date(nowMs - RESOLVED_WITHIN_MS);
  return postgres.db.transaction((tx) =>
    planResolutions(tx, "pagerduty", { now: new Date(nowMs), since }),
  );
}

/** Starts the job of the installation that plans deliveries, until `close`. @param options.onTold some are to be sent */
export function startTelling(
  options: TellContext & { log: Log; onTold: () => void },
): BackgroundJob {
  const { postgres, log, onTold } = options;
  let resolvedAtMs = Number.NEGATIVE_INFINITY;
  return startBackgroundJob({
    turn: async () => {
      const isResolving = performance.now() - resolvedAtMs >= RESOLVE_EVERY_MS;
      if (!isResolving && !(await hasUntoldAlerts(postgres.db))) return LOOK_EVERY_MS;
      const planned = await tryJobLock(postgres, "alerts", async () => {
        const told = await tellAlerts(options);
        return told + (isResolving ? await resolveIncidents(options) : 0);
      });
      if (isResolving) resolvedAtMs = performance.now();
      if (planned) onTold();
      return LOOK_EVERY_MS;
    },
    failed: (error, retryMs) => log.warn({ err: error, retryMs }, "alerts cannot be told just now"),
    closeMs: CLOSE_WITHOUT_POSTGRES_MS,
  });
}
