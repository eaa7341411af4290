import path from "node:path";
import { defineConfig } from "vitest/config";

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
  "lib/{auth,calls,corrections,integrity,keys,prices,projects,rejections,retention,rollups,sessions,settings,spend,users}/*.test.ts",
];
/** What is about one engine, and not about what is asked of it. */
const ONE_ENGINE = [
  "db/{postgres,prepared-pglite,sql-dump}.test.ts",
  "db/clickhouse/open-*.test.ts",
  "lib/settings/first-run.test.ts",
  "lib/prices/{overlay,published-prices,pricing-cases,price-properties,price-call,price-book,model-name}.test.ts",
];
const EXCLUDED = ["**/node_modules/**", ".next/**", "dist/**", "e2e/**"];

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    // The embedded ClickHouse lives once a process and crashes in worker threads: one fork a file.
    pool: "forks",
    // Real engines are slow on a small shared machine; nothing here asserts a time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "embedded",
          include: ["**/*.test.ts", "**/*.test.tsx"],
          exclude: EXCLUDED,
          provide: { stores: "embedded", postgresUrl: "" },
        },
      },
      {
        extends: true,
        test: {
          name: "servers",
          include: STORE_TESTS,
          exclude: [...EXCLUDED, ...ONE_ENGINE],
          env: { TZ: "Pacific/Chatham" },
          globalSetup: "lib/testing/serve-test-postgres.ts",
          provide: { stores: "servers" },
        },
      },
    ],
  },
});
