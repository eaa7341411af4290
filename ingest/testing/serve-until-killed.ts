/**
 * A process of its own, for tests that kill it: takes events over HTTP into the folder and stores it is given, and tells
 * its address and keys on stdout.
 */
import type { ClickHouse } from "@/db/clickhouse/client";
import { openPostgres, type Postgres } from "@/db/postgres";
import { surviveLostConnection } from "@/db/survive-lost-connection";
import { openTestIngest } from "@/ingest/testing/open-ingest";
import type { DeathPoint, DeathWish, ProcessOptions } from "@/ingest/testing/process-options";
import { workHastily } from "@/ingest/testing/work-hastily";
import { createLog } from "@/lib/log";

const options = JSON.parse(process.argv[2] ?? "") as ProcessOptions;
const log = createLog("silent");

type Step = <Result>(point: DeathPoint, work: () => Promise<Result>) => Promise<Result>;

/** Ends this process where it is told to. No handler runs and nothing is flushed: what is not on disk is gone. */
function makeStep(wish: DeathWish | null): Step {
  let seen = 0;
  const die = () => process.kill(process.pid, "SIGKILL");
  return async (point, work) => {
    if (point !== wish?.point) return work();
    seen += 1;
    if (seen !== wish.nth) return work();
    if (wish.when === "before") die();
    const working = work();
    if (wish.when === "during") {
      await new Promise(setImmediate);
      die();
    }
    const result = await working;
    die();
    return result;
  };
}

function watchClickHouse(clickhouse: ClickHouse, step: Step): ClickHouse {
  const pointOf = (sql: string): DeathPoint | null => {
    if (sql.includes("INSERT INTO calls_rollup")) return "sum calls_rollup";
    if (sql.includes("INSERT INTO sealed_calls")) return "seal sealed_calls";
    return /(DELETE FROM|ALTER TABLE) llm_calls/.test(sql) ? "delete llm_calls" : null;
  };
  return {
    ...clickhouse,
    insertLines(table, lines) {
      const point = `insert ${table}` as DeathPoint;
      return step(point, () => clickhouse.insertLines(table, lines));
    },
    command(sql, ...rest) {
      const run = () => clickhouse.command(sql, ...rest);
      const point = pointOf(sql);
      return point === null ? run() : step(point, run);
    },
  };
}

function watchPostgres(postgres: Postgres, step: Step): Postgres {
  const db = new Proxy(postgres.db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name !== "transaction") return value.bind(target);
      return (...given: Parameters<Postgres["db"]["transaction"]>) =>
        step("commit", () => target.transaction(...given));
    },
  });
  return { ...postgres, db };
}

function setClock(aheadMs: number): void {
  globalThis.Date = new Proxy(Date, {
    construct: (target, given) =>
      given.length === 0
        ? new target(target.now() + aheadMs)
        : Reflect.construct(target, given, target),
    get: (target, name) =>
      name === "now" ? () => target.now() + aheadMs : Reflect.get(target, name, target),
  });
}

surviveLostConnection(log);
if (options.clockMs !== 0) setClock(options.clockMs);
const step = makeStep(options.deathWish);
const { dir, databaseUrl, clickhouseUrl } = options;
const postgres = watchPostgres(await openPostgres({ databaseUrl, dataDir: dir, log }), step);
const ingest = await openTestIngest({
  dir,
  postgres,
  clickhouseUrl,
  watch: (clickhouse) => watchClickHouse(clickhouse, step),
});
const keys = {
  default: await ingest.makeKey({ scopes: ["ingest", "guard"] }),
  other: await ingest.makeKey({ scopes: ["ingest", "guard"], project: "other" }),
};
if (options.isHasty) workHastily({ ...ingest, log });
process.stdout.write(`${JSON.stringify({ url: ingest.url, keys })}\n`);
// A test that was itself killed ends nobody.
process.stdin.on("end", () => process.kill(process.pid, "SIGKILL"));
process.stdin.resume();
process.on("SIGTERM", () => {
  ingest.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
