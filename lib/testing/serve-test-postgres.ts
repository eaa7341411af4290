import type { TestProject } from "vitest/node";
import { openPostgresServer } from "@/db/postgres-server";
import { hasPostgres15, startPostgres15 } from "@/lib/testing/start-postgres-15";

/** The database that all others are copies of. */
export const TEMPLATE = "template_outlay";

/** One PostgreSQL 15 for all tests of a run, with a migrated database that each test's own is a copy of. */
export async function setup(project: TestProject): Promise<() => void> {
  if (!hasPostgres15) {
    project.provide("postgresUrl", "");
    process.stderr.write(
      "PostgreSQL 15 is not installed here: these tests run on PGlite instead\n",
    );
    return () => undefined;
  }
  const server = await startPostgres15();
  const url = server.createDatabase(TEMPLATE);
  await (await openPostgresServer({ databaseUrl: url })).close();
  project.provide("postgresUrl", url.slice(0, url.lastIndexOf("/") + 1));
  return () => server.stop();
}
