import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { listStoreTests } from "./lib/testing/list-store-tests.ts";

/**
 * Tests that ask the stores run twice: on the embedded pair (chDB, PGlite) and on the server pair (ClickHouse's HTTP
 * interface, PostgreSQL 15). The second time the machine's clock stands in a zone of 45 minutes with daylight saving,
 * so that a figure that depends on it differs. Which they are is read from their imports; a file that opens stores
 * without being seen fails (lib/testing/test-stores.ts).
 */
const STORE_TESTS = listStoreTests(import.meta.dirname);
/** Asks no store, and the zone of the machine must not matter to it. */
const ZONE_TESTS = ["lib/spend/forecast-month.test.ts"];
/** What is about one engine, starts servers of its own, or is about what stands in front of the stores. */
const ONCE = [
  "app/api/abandoned-request.test.ts",
  "bench/questions.test.ts",
  "components/spend/table-chart-api.test.ts",
  "db/clickhouse/open-embedded.test.ts",
  "db/postgres.test.ts",
  "db/vacuum-embedded.test.ts",
  "ingest/calls/write-calls.test.ts",
  "ingest/counters/rebuild-under-two-clocks.test.ts",
  "ingest/guard/caps-hold.test.ts",
  "ingest/guard/one-cap-two-processes.test.ts",
  "ingest/guard/python-agent.test.ts",
  "ingest/guard/windows-turn.test.ts",
  "ingest/http.test.ts",
  "ingest/kill-nine.test.ts",
  "ingest/link/killed-link.test.ts",
  "ingest/outage.test.ts",
  "ingest/overload.test.ts",
  "ingest/quick/serve-quickly.test.ts",
  "ingest/send-problem.test.ts",
  "ingest/spool/small-disk.test.ts",
  "ingest/two-processes.test.ts",
  "lib/alerts/kill-nine.test.ts",
  "lib/api-route.test.ts",
  "lib/export/flat-memory.test.ts",
  "lib/policy/watch-policy.test.ts",
  "lib/settings/first-run.test.ts",
];
/**
 * On the server pair in a long run only: ten seconds and more each, most about sums, which are the same engine's on
 * both.
 * How values and answers travel is what all the others show.
 */
const SOAKED_ON_SERVERS = [
  "ingest/link/corrected-link.test.ts",
  "ingest/link/erased-link.test.ts",
  "ingest/otlp/corpus.test.ts",
  "ingest/rejections/rejections.test.ts",
  "ingest/replay.test.ts",
  "lib/alerts/notices.test.ts",
  "lib/alerts/watch-spend.test.ts",
  "lib/corrections/history.test.ts",
  "lib/export/write-calls-csv.test.ts",
  "lib/export/write-spend-csv.test.ts",
  "lib/integrity/check-days.test.ts",
  "lib/prices/list-unpriced.test.ts",
  "lib/retention/seal-day.test.ts",
  "lib/rollups/rebuild-rollups.test.ts",
  "lib/rollups/rolled-latency.test.ts",
  "lib/rollups/start-rollups.test.ts",
  "lib/rollups/sums-without-retries.test.ts",
  "lib/sessions/list-sessions.test.ts",
  "lib/spend/find-clean-rollups.test.ts",
  "lib/spend/spend-by-day.test.ts",
];
const EXCLUDED = ["**/node_modules/**", ".next/**", "dist/**", "e2e/**"];

/** Files of more than ten seconds, the longest first. */
const LONG = [
  "lib/alerts/kill-nine.test.ts",
  "lib/alerts/notices.test.ts",
  "ingest/guard/caps-hold.test.ts",
  "lib/sessions/list-sessions.test.ts",
  "ingest/outage.test.ts",
  "ingest/two-processes.test.ts",
  "lib/integrity/check-days.test.ts",
  "lib/rollups/rebuild-rollups.test.ts",
  "lib/alerts/watch-spend.test.ts",
  "ingest/calls/write-calls.test.ts",
  "ingest/kill-nine.test.ts",
  "ingest/link/killed-link.test.ts",
  "ingest/replay.test.ts",
  "lib/export/flat-memory.test.ts",
  "ingest/rejections/rejections.test.ts",
  "ingest/guard/windows-turn.test.ts",
  "ingest/guard/one-cap-two-processes.test.ts",
  "lib/corrections/history.test.ts",
  "db/postgres.test.ts",
  "lib/retention/seal-day.test.ts",
  "lib/prices/list-unpriced.test.ts",
  "lib/rollups/sums-without-retries.test.ts",
  "ingest/overload.test.ts",
  "lib/spend/sum-spend.test.ts",
  "lib/spend/spend-by-day.test.ts",
  "lib/rollups/rolled-latency.test.ts",
  "lib/rollups/start-rollups.test.ts",
  "lib/corrections/interrupted-correction.test.ts",
  "lib/export/write-spend-csv.test.ts",
  "lib/export/write-calls-csv.test.ts",
  "bench/questions.test.ts",
  "ingest/counters/count-spool.test.ts",
  "ingest/spool/small-disk.test.ts",
  "lib/spend/find-clean-rollups.test.ts",
  "lib/auth/sign-in.test.ts",
  "lib/calls/as-of.test.ts",
];

/** Starts the long files first: one that starts last keeps a core idle. A fresh clone has no durations to sort by. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = [...LONG, ...ONCE, ...SOAKED_ON_SERVERS, ...ZONE_TESTS].filter(
      (file) => !fs.existsSync(path.join(import.meta.dirname, file)),
    );
    if (gone.length > 0) throw new Error(`vitest.config.ts has a list with ${gone.join(", ")}`);
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((file) => moduleId.endsWith(`/${file}`));
      return place < 0 ? LONG.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** `SOAK=1` takes its time; `RUNS` is for one look at one property. */
const soakFactor = process.env.SOAK ? 30 : 1;
const runs = Number(process.env.RUNS ?? 0);
const isLongLook = soakFactor > 1 || runs > 0;
const onEmbeddedOnly = new Set([...ONCE, ...(isLongLook ? [] : SOAKED_ON_SERVERS)]);

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    // The embedded ClickHouse lives once a process and crashes in worker threads: one fork a file.
    pool: "forks",
    // PGlite is some MB of WebAssembly, and a fork lives for seconds: to compile it well costs more than that gives back
    // (a quarter of the processor time of a file that asks PGlite).
    execArgv: ["--liftoff-only"],
    // Vitest leaves one core to itself, which of two is half, and has next to nothing to do here.
    maxWorkers: Math.max(2, os.availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    // Nothing here asserts a time: this only ends what hangs. Real engines are slow on a small shared machine, where a
    // property of 90 s took more than five minutes.
    testTimeout: isLongLook ? 86_400_000 : 900_000,
    hookTimeout: 120_000,
    // Vitest waits one second, which a busy machine needs for a store's answer alone.
    expect: { poll: { timeout: 60_000 } },
    teardownTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "embedded",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: EXCLUDED,
          provide: {
            stores: "embedded",
            storeTests: STORE_TESTS,
            postgresUrl: "",
            // A run of everything tries half of what a property says, so that it stays within its forty minutes.
            runsFactor: isLongLook ? soakFactor : 1 / 2,
            runs,
          },
        },
      },
      {
        extends: true,
        test: {
          name: "servers",
          include: [...STORE_TESTS.filter((file) => !onEmbeddedOnly.has(file)), ...ZONE_TESTS],
          exclude: EXCLUDED,
          env: { TZ: "Pacific/Chatham" },
          globalSetup: "lib/testing/serve-test-postgres.ts",
          // Values and answers travel another way here, which every run goes as a whole; the sums are the same engine's.
          provide: {
            stores: "servers",
            storeTests: STORE_TESTS,
            runsFactor: soakFactor / 3,
            runs,
          },
        },
      },
    ],
  },
});
