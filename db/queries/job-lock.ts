import { sql } from "drizzle-orm";
import type { Postgres } from "@/db/postgres";

/** Any constants; they must differ from each other and from the other advisory locks of the database. */
const LOCKS = {
  rollups: 7_301_648_204,
  corrections: 7_301_648_205,
  integrity: 7_301_648_206,
  retention: 7_301_648_207,
  reservations: 7_301_648_208,
  budgets: 7_301_648_209,
  alerts: 7_301_648_210,
  "alerts-watch": 7_301_648_211,
} as const;
export type Job = keyof typeof LOCKS;

type Store = Pick<Postgres, "kind" | "db">;

/**
 * Runs work while no other process of the installation runs this job. The lock ends with its transaction, so a process
 * that dies gives it back.
 * @returns null where somebody is at it.
 */
export function tryJobLock<Result>(
  postgres: Store,
  job: Job,
  work: () => Promise<Result>,
): Promise<Result | null> {
  if (postgres.kind === "embedded") {
    const running = turns().get(postgres.db)?.get(job);
    return running ? Promise.resolve(null) : inTurn(postgres, job, work);
  }
  return postgres.db.transaction(async (tx) => {
    const taken = tx
      .select({ isTaken: sql<boolean>`pg_try_advisory_xact_lock(${LOCKS[job]}::bigint)` })
      .from(sql`(select 1) as one`);
    const [row] = await taken;
    return row?.isTaken ? work() : null;
  });
}

/** As `tryJobLock`, waiting for its turn. Not to be asked for again inside `work`: it would wait for itself. */
export function withJobLock<Result>(
  postgres: Store,
  job: Job,
  work: () => Promise<Result>,
): Promise<Result> {
  if (postgres.kind === "embedded") return inTurn(postgres, job, work);
  return postgres.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCKS[job]}::bigint)`);
    return work();
  });
}

/**
 * An embedded store belongs to one process, and a transaction there would stop every other query: its jobs take turns
 * by a chain of promises. In one slot of globalThis, because server.ts and Next load this module twice; by store, so
 * that tests do not wait for each other.
 */
const SLOT = Symbol.for("outlay.job-locks");
type Turns = WeakMap<object, Map<Job, Promise<unknown>>>;

function turns(): Turns {
  const slots = globalThis as typeof globalThis & { [SLOT]?: Turns };
  slots[SLOT] ??= new WeakMap();
  return slots[SLOT];
}

async function inTurn<Result>(
  postgres: Store,
  job: Job,
  work: () => Promise<Result>,
): Promise<Result> {
  const own = turns().get(postgres.db) ?? new Map<Job, Promise<unknown>>();
  turns().set(postgres.db, own);
  const before = own.get(job) ?? Promise.resolve();
  const turn = before.then(work);
  const ended = turn.catch(() => undefined);
  own.set(job, ended);
  try {
    return await turn;
  } finally {
    if (own.get(job) === ended) own.delete(job);
  }
}
