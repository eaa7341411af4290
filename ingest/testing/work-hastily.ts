import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { insertCorrection, listOpenCorrectionIds } from "@/db/queries/corrections";
import { tryJobLock } from "@/db/queries/job-lock";
import { listPrices } from "@/ingest/testing/open-ingest";
import { ALL_TIME } from "@/lib/corrections/correction-row";
import { startCorrections } from "@/lib/corrections/start-corrections";
import type { Log } from "@/lib/log";
import { applyRetention } from "@/lib/retention/apply-retention";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { startRollups } from "@/lib/rollups/start-rollups";

interface HastyStores {
  clickhouse: ClickHouse;
  postgres: Postgres;
  /** Its calls are corrected. */
  projectIds: { default: string };
  log: Log;
}

/** Calls of a day that was sealed are deleted only some minutes later. */
const LATER_MS = 660_000;
const HASTE_MS = 50;
/** Corrections that in the end change no sum and no call's id. Each is asked for when the one before is done. */
const CORRECTIONS = [
  { kind: "erase", dimension: "user", value: "a" },
  { kind: "void", dimension: "feature", value: "f-0" },
  { kind: "restore", dimension: "feature", value: "f-0" },
] as const;

/**
 * Does in the background, all the time, what otherwise is done in hours: every bucket is closed and rested, every day has
 * expired long enough ago, and calls are corrected. For a process that is to be killed: it has no end of its own.
 */
export function workHastily(stores: HastyStores): void {
  const { clickhouse, postgres, log } = stores;
  const rollups = startRollups({ ...stores, graceMs: 0, debounceMs: 0, lookEveryMs: HASTE_MS });
  startCorrections({ ...stores, prices: listPrices(), pollMs: HASTE_MS });
  const retention = {
    clickhouse,
    postgres,
    log,
    numbers: new GenerationNumbers(),
    now: () => Date.now() + LATER_MS,
    mustStop: () => false,
  };
  let turn = 0;
  const work = async (): Promise<void> => {
    try {
      rollups.wake();
      await tryJobLock(postgres, "retention", () => applyRetention(retention));
      if ((await listOpenCorrectionIds(postgres.db)).length === 0) {
        await askForCorrection(stores, turn);
        turn += 1;
      }
    } catch {
      // What fails is found again: nothing here may end the process but its killer.
    }
    setTimeout(() => void work(), HASTE_MS);
  };
  void work();
}

async function askForCorrection(
  { postgres, projectIds }: HastyStores,
  turn: number,
): Promise<void> {
  const { kind, dimension, value } = CORRECTIONS[turn % CORRECTIONS.length] ?? CORRECTIONS[0];
  await insertCorrection(postgres.db, {
    kind,
    projectIds: [projectIds.default],
    ...ALL_TIME,
    filters: [{ dimension, values: [value] }],
    reason: "a test",
    authorType: "system",
    authorId: "test",
    authorName: "test",
  });
}

/** Restores what was left voided where a process died between the two, and waits until no correction is open. */
export async function finishCorrections(stores: HastyStores): Promise<void> {
  await askForCorrection(stores, 2);
  const job = startCorrections({ ...stores, prices: listPrices(), pollMs: HASTE_MS });
  try {
    while ((await listOpenCorrectionIds(stores.postgres.db)).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, HASTE_MS));
    }
  } finally {
    await job.close();
  }
}
