import type { Postgres } from "@/db/postgres";
import { deleteOldBudgetRows } from "@/db/queries/delete-old-budget-rows";
import { tryJobLock } from "@/db/queries/job-lock";
import { findNextExpiry } from "@/db/queries/settlements";
import {
  type BackgroundJob,
  CLOSE_WITHOUT_POSTGRES_MS,
  startBackgroundJob,
} from "@/lib/background-job";
import type { PolicyHolder } from "@/lib/budgets/policy-holder";
import { resolveEndedAlerts } from "@/lib/budgets/resolve-ended-alerts";
import type { Log } from "@/lib/log";
import { expireReservations, type OwnCounted } from "@/lib/reservations/expire-reservations";
import { createPeerWatch } from "@/lib/reservations/watch-peers";

/** Between two looks at when the next hold expires: one that is made meanwhile lasts longer. */
const LOOK_EVERY_MS = 1_000;
/** Over, but what was accepted in time may not be counted yet: at most 250 ms behind. */
const WAIT_FOR_COUNT_MS = 250;
const DELETE_EVERY_MS = 3_600_000;
/** A period's end shows on its alerts within a minute; nothing decides by that. */
const RESOLVE_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/**
 * Longer than a month's budget: its refusals can be asked about until it is over, and an event that is late by so long
 * still settles the reservation that expired before it came, in the period of its hold.
 */
const KEPT_MS = 40 * DAY_MS;
/**
 * How long the id of one that was settled or given up is known, so that a wish with it is a conflict. To forget it costs
 * no cap anything: the wish is then decided as a new one and holds anew, and a second event with the id is as uncovered
 * as one without. It is for callers that repeat themselves, which do so within hours; a week outlasts a weekend's outage.
 * Most rows are of these, and more of them make every look at the others slower.
 */
const ENDED_KEPT_MS = 7 * DAY_MS;

/** Starts the job that ends reservations whose time is over, and deletes what is too old to matter, until `close`. */
export function startExpiring(options: {
  postgres: Pick<Postgres, "kind" | "db">;
  policy: PolicyHolder;
  own: () => OwnCounted;
  log: Log;
  now?: () => number;
}): Pick<BackgroundJob, "close" | "wake"> {
  const { postgres, policy, own, log, now = Date.now } = options;
  const peers = createPeerWatch();
  let deletedMs = 0;
  let resolvedMs = 0;
  const turn = async (): Promise<number> => {
    if (now() >= deletedMs + DELETE_EVERY_MS) {
      await tryJobLock(postgres, "reservations", async () => {
        const age = {
          endedBefore: new Date(now() - ENDED_KEPT_MS),
          before: new Date(now() - KEPT_MS),
        };
        while (!job.isStopping() && (await deleteOldBudgetRows(postgres.db, age)));
      });
      deletedMs = now();
    }
    if (now() >= resolvedMs + RESOLVE_EVERY_MS) {
      await tryJobLock(postgres, "reservations", () => resolveEndedAlerts(postgres.db, now()));
      resolvedMs = now();
    }
    const next = await findNextExpiry(postgres.db);
    if (next === null) return LOOK_EVERY_MS;
    if (next.getTime() > now()) return Math.min(LOOK_EVERY_MS, next.getTime() - now());
    const result = await tryJobLock(postgres, "reservations", () =>
      expireReservations({ db: postgres.db, policy, own, peers, now }),
    );
    if (result && result.ended > 0) log.debug(result, "reservations expired");
    return result?.hasMore ? 0 : WAIT_FOR_COUNT_MS;
  };
  const job = startBackgroundJob({
    turn,
    closeMs: CLOSE_WITHOUT_POSTGRES_MS,
    failed: (error, retryMs) => {
      log.warn(
        { err: error, retryMs },
        "reservations cannot expire just now; what they hold is kept",
      );
    },
  });
  return job;
}
