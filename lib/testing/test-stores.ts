import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Which pair of stores a test runs on (vitest.config.ts). */
    stores: "embedded" | "servers";
    /** A PostgreSQL server's URL up to the name of a database; "" where there is none. */
    postgresUrl: string;
  }
}

/** True where a test's calls are to be in a ClickHouse behind HTTP. */
export function isOnServers(): boolean {
  return inject("stores") === "servers";
}

/** The PostgreSQL server of this run; null: embedded ones. */
export function testPostgresUrl(): string | null {
  return inject("postgresUrl") || null;
}
