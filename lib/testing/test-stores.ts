import path from "node:path";
import { expect, inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Which pair of stores a test runs on (vitest.config.ts). */
    stores: "embedded" | "servers";
    /** Files that open stores, as vitest.config.ts sees them. */
    storeTests: string[];
    /** A PostgreSQL server's URL up to the name of a database; "" where there is none. */
    postgresUrl: string;
  }
}

/** A file that opens stores and is not seen to would run on one pair only, in silence. */
function requireSeen(): void {
  const file = path.relative(process.cwd(), expect.getState().testPath ?? "");
  if (inject("storeTests").includes(file.split(path.sep).join("/"))) return;
  throw new Error(
    `${file} opens stores, which lib/testing/list-store-tests.ts does not see: import the opener from a file of a testing folder`,
  );
}

/** True where a test's calls are to be in a ClickHouse behind HTTP. */
export function isOnServers(): boolean {
  requireSeen();
  return inject("stores") === "servers";
}

/** The PostgreSQL server of this run; null: embedded ones. */
export function testPostgresUrl(): string | null {
  requireSeen();
  return inject("postgresUrl") || null;
}
