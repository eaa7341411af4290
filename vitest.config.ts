import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname) } },
  test: {
    // The embedded ClickHouse lives once a process and crashes in worker threads: one fork a file.
    pool: "forks",
    include: ["**/*.test.ts", "**/*.test.tsx"],
    exclude: ["**/node_modules/**", ".next/**", "dist/**", "e2e/**"],
    // Real engines are slow on a small shared machine; nothing here asserts a time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
});
