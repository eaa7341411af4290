import { listBudgetsToBuild } from "@/db/queries/budget-generations";
import { tryJobLock } from "@/db/queries/job-lock";
import type { BudgetRow } from "@/db/queries/policy";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
import { type BuildContext, beginGeneration, finishGeneration } from "@/lib/budgets/build-counters";
import type { Log } from "@/lib/log";
import type { Freshness } from "@/lib/runtime";

/** How soon a budget that another process was asked for is begun; one of this process wakes the job. */
const LOOK_EVERY_MS = 1_000;
/** Between two looks at whether everything that arrived before is in the calls. */
const WAIT_MS = { embedded: 20, server: 250 } as const;

/** The job that counts budgets from the ledger: new ones, and those whose counters were found to differ. */
export interface Building {
  /** A budget was made, or its counters are to be built anew. */
  wake(): void;
  /** Ends after the statement under way. */
  close(): Promise<void>;
}

/** Starts the job, until `close`. @param options.freshness how far the calls reach, all processes together */
export function startBuilding(
  options: BuildContext & { freshness: () => Promise<Freshness | null>; log: Log },
): Building {
  const { postgres, freshness, log } = options;
  /** @returns whether there is something to wait for. */
  const build = async (): Promise<boolean> => {
    let isWaiting = false;
    let failure: unknown = null;
    for (const row of await listBudgetsToBuild(postgres.db)) {
      if (job.isStopping()) return false;
      // One that cannot be built holds up no other.
      await buildOne(options, row, freshness).then(
        (isDone) => {
          isWaiting ||= !isDone;
        },
        (error: unknown) => {
          failure ??= error;
        },
      );
    }
    if (failure !== null) throw failure;
    return isWaiting;
  };
  const job: BackgroundJob = startBackgroundJob({
    turn: async () => {
      if ((await listBudgetsToBuild(postgres.db)).length === 0) return LOOK_EVERY_MS;
      const isWaiting = await tryJobLock(postgres, "budgets", build);
      return isWaiting ? WAIT_MS[postgres.kind] : LOOK_EVERY_MS;
    },
    failed: (error, retryMs) =>
      log.warn({ err: error, retryMs }, "budgets cannot be counted from the ledger just now"),
  });
  return job;
}

async function buildOne(
  context: BuildContext,
  found: BudgetRow,
  freshness: () => Promise<Freshness | null>,
): Promise<boolean> {
  // Begun once: every change of the policy makes decisions wait, and all agents ask for it anew.
  const isBegun = found.nextGeneration !== null && found.nextAfterUs !== null;
  const row = isBegun ? found : await beginGeneration(context, found.id);
  if (!row || row.nextAfterUs === null) return true;
  const fresh = await freshness();
  if (!fresh || fresh.freshToMs * 1000 <= row.nextAfterUs) return false;
  await finishGeneration(context, row);
  return true;
}
