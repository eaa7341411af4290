import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import { rowsOf } from "@/db/rows-of";
import { type BackgroundJob, startBackgroundJob } from "@/lib/background-job";
import type { Log } from "@/lib/log";

/**
 * What makes one piece of it. PGlite runs a statement at a time, in the thread that answers everybody, and a vacuum goes
 * through all that died since the last one and through the indexes: 200,000 dead reservations take it a second (7 s on a
 * busy machine), 20,000 a tenth of that. So it is done often and small, and the page map of the last one spares it the rest.
 */
const PIECE_ROWS = 10_000;
/** As of PostgreSQL's own autovacuum, for tables smaller than a piece. */
const LEAST_ROWS = 50;
const DEAD_SHARE = 0.2;
/** Plans change with tenfold sizes, not with tenths; and each analysis makes statements be planned anew. */
const LEAST_CHANGED = 500;
const CHANGED_SHARE = 0.2;
/** Rows looked at are 300 times this: 25 ms of a large table where the default of 100 takes 600 ms. */
const STATISTICS_TARGET = 5;

/** A crash loses what was counted of rows, so a table of this size that was never looked at is due whatever they say. */
const UNKNOWN_BYTES = 1024 * 1024;

const LOOK_EVERY_MS = 60_000;
/** After a piece the store is everybody's for so many times as long as it took, and at the least so long. */
const REST_FACTOR = 20;
const LEAST_REST_MS = 1_000;
/** A piece that takes longer is told of: whoever asked for a call's budget waited for it. */
const SLOW_MS = 1_000;

const upkeepRow = z.object({ name: z.string(), task: z.enum(["vacuum", "analyze"]) });
type Upkeep = z.output<typeof upkeepRow>;

/**
 * Starts what autovacuum is elsewhere, which an embedded PostgreSQL has not: without it deleted and replaced rows keep
 * their space for ever and nothing is known of how large a table is. Until `close`.
 */
export function startVacuuming(options: { db: Db; log: Log; firstMs?: number }): BackgroundJob {
  const { db, log } = options;
  return startBackgroundJob({
    firstMs: options.firstMs ?? LOOK_EVERY_MS,
    async turn() {
      const [next] = await listUpkeep(db);
      if (!next) return LOOK_EVERY_MS;
      const tookMs = await doUpkeep(db, next);
      log[tookMs > SLOW_MS ? "info" : "debug"]({ ...next, tookMs }, "a table was cleaned up");
      return Math.max(LEAST_REST_MS, tookMs * REST_FACTOR);
    },
    retryMs: { first: LOOK_EVERY_MS, max: LOOK_EVERY_MS },
    failed: (error) => log.warn({ err: error }, "a table could not be cleaned up; tried again"),
  });
}

/** What is to be done, the most wasteful table first. */
export async function listUpkeep(db: Db): Promise<Upkeep[]> {
  // What was counted of rows is told once a second, by the next statement after it: now, even if there is none.
  await db.execute(sql`select pg_stat_force_next_flush()`);
  const found = await db.execute(sql`
    select t.relname as name, task from pg_stat_user_tables t join pg_class c on c.oid = t.relid
    cross join lateral (values
      ('vacuum', (reltuples < 0 and pg_relation_size(relid) > ${UNKNOWN_BYTES}::int)
        or n_dead_tup >= least(${LEAST_ROWS}::int + ${DEAD_SHARE}::float8 * n_live_tup, ${PIECE_ROWS}::int)
        or n_ins_since_vacuum >= ${PIECE_ROWS}::int, n_dead_tup + n_ins_since_vacuum),
      ('analyze', n_mod_since_analyze >= ${LEAST_CHANGED}::int + ${CHANGED_SHARE}::float8 * n_live_tup, 0)
    ) as due(task, is_due, rows)
    where schemaname = 'public' and is_due order by rows desc, name`);
  return upkeepRow.array().parse(rowsOf(found));
}

/** @returns how long it took, in milliseconds */
export async function doUpkeep(db: Db, { name, task }: Upkeep): Promise<number> {
  if (task === "analyze") {
    // Of this session, and the only one there is: nothing else analyses.
    await db.execute(sql.raw(`set default_statistics_target = ${STATISTICS_TARGET}`));
  }
  const startMs = performance.now();
  await db.execute(sql`${sql.raw(task)} ${sql.identifier(name)}`);
  return Math.round(performance.now() - startMs);
}
