import type { Readiness } from "@/lib/runtime";

/** What is wrong, one sentence each; empty where all is well. */
export function describeFaults(told: Readiness): string[] {
  const faults: string[] = [];
  if (!told.isReady && told.reason) faults.push(told.reason);
  if (!told.clickhouse) {
    faults.push("ClickHouse does not answer: events are taken and wait, figures cannot be shown.");
  }
  if (!told.postgres) {
    faults.push("PostgreSQL does not answer: known keys go on working, settings cannot be read.");
  }
  const isUnexplained = told.isDegraded && faults.length === 0;
  if (isUnexplained) {
    faults.push("Events are taken, but a part that moves them on fails and is tried again.");
  }
  return faults;
}
