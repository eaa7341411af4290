import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Tests that ask the stores run twice: on the embedded pair (chDB, PGlite) and on the server pair (ClickHouse's HTTP
 * interface, PostgreSQL 15). The second time the machine's clock stands in a zone of 45 minutes with daylight saving,
 * so that a figure that depends on it differs.
 */
const STORE_TESTS = [
  "app/**/*.test.ts",
  "db/**/*.test.ts",
  "ingest/{replay,retry}*.test.ts",
  "ingest/{events,counters,rejections}/*.test.ts",
  "lib/{auth,calls,corrections,export,health,integrity,keys,prices,projects,rejections,retention,rollups,sessions,settings,spend,users,views}/*.test.ts",
];
/** What is about one engine, and not about what is asked of it, or asks none. */
const ONCE = [
  "db/{postgres,prepared-pglite,sql-dump,survive-lost-connection}.test.ts",
  "db/clickhouse/{open-*,llm-call-row}.test.ts",
  "ingest/counters/sum-rows.test.ts",
  "ingest/events/embedded-json.test.ts",
  "lib/integrity/{find-gaps,find-unsettled}.test.ts",
  "lib/settings/first-run.test.ts",
  "lib/health/measure-folder.test.ts",
  "lib/export/{csv,stream-csv,flat-memory}.test.ts",
  "lib/prices/{overlay,published-prices,pricing-cases,price-properties,price-call,price-book,price-override,recent-map,model-name}.test.ts",
  "lib/spend/plan-spend.test.ts",
];
const EXCLUDED = ["**/node_modules/**", ".next/**", "dist/**", "e2e/**"];

/** Files of more than ten seconds, the longest first. */
const LONG = [
  "ingest/outage.test.ts",
  "db/postgres.test.ts",
  "ingest/kill-nine.test.ts",
  "ingest/calls/write-calls.test.ts",
  "ingest/two-processes.test.ts",
  "lib/sessions/list-sessions.test.ts",
  "ingest/overload.test.ts",
  "ingest/replay.test.ts",
  "lib/retention/seal-day.test.ts",
  "lib/rollups/rebuild-rollups.test.ts",
  "lib/integrity/check-days.test.ts",
  "lib/spend/sum-spend.test.ts",
  "ingest/rejections/rejections.test.ts",
  "lib/auth/sign-in.test.ts",
  "lib/spend/spend-by-day.test.ts",
  "ingest/spool/small-disk.test.ts",
  "lib/calls/as-of.test.ts",
  "lib/corrections/history.test.ts",
  "lib/corrections/interrupted-correction.test.ts",
  "lib/rollups/start-rollups.test.ts",
];

/** Starts the long files first: one that starts last keeps a core idle. A fresh clone has no durations to sort by. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONG.filter((file) => !fs.existsSync(path.join(import.meta.dirname, file)));
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

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    // The embedded ClickHouse lives once a process and crashes in worker threads: one fork a file.
    pool: "forks",
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
          provide: { stores: "embedded", postgresUrl: "", runsFactor: soakFactor, runs },
        },
      },
      {
        extends: true,
        test: {
          name: "servers",
          include: STORE_TESTS,
          exclude: [...EXCLUDED, ...ONCE],
          env: { TZ: "Pacific/Chatham" },
          globalSetup: "lib/testing/serve-test-postgres.ts",
          // Values and answers travel another way here, which every run goes as a whole; the sums are the same engine's.
          provide: { stores: "servers", runsFactor: soakFactor / 3, runs },
        },
      },
    ],
  },
});
