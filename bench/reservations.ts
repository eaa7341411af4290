import fs from "node:fs";
import { openPostgres } from "@/db/postgres";
import { budgets } from "@/db/schema/budgets";
import { createLog } from "@/lib/log";
import { startPostgres15 } from "@/lib/testing/start-postgres-15";
import { residentMib, type ServerProcess, startServer } from "./server-process";
import type { LoadFigures } from "./single-event-load";
import { load } from "./single-events";

/** Reservations a second over HTTP, with so many clients at once. */
export interface ReservationFigures extends LoadFigures {
  clients: number;
  requests: number;
}

/** One store's figures. */
export interface ReservationRun {
  store: "PGlite" | "PostgreSQL 15";
  runs: ReservationFigures[];
  /** Highest resident memory of the server, MiB. */
  peakMib: number;
}

const CLIENTS = [1, 50, 200];

/**
 * Asks the built server for reservations, each bound by three strict budgets (the project, its agent, its user) with
 * plenty of headroom: every answer must be `allow`, committed before it was sent.
 * @throws Error for any other answer
 */
export async function measureReservations(count: number): Promise<ReservationRun[]> {
  return [await measure("PGlite", null, count), await measureOnServer(count)];
}

async function measureOnServer(count: number): Promise<ReservationRun> {
  const postgres = await startPostgres15();
  try {
    return await measure("PostgreSQL 15", postgres.createDatabase(), count);
  } finally {
    postgres.stop();
  }
}

async function measure(
  store: ReservationRun["store"],
  databaseUrl: string | null,
  count: number,
): Promise<ReservationRun> {
  const env: Record<string, string> = databaseUrl ? { DATABASE_URL: databaseUrl } : {};
  // A first start makes the cluster and the tables; the budgets go in while nobody has the store.
  const first = await startServer({ env });
  await first.stop();
  await addBudgets(databaseUrl, first.dataDir);
  const server = await startServer({ dataDir: first.dataDir, env });
  try {
    let from = 0;
    const runs = CLIENTS.map((clients) => {
      const requests = clients === 1 ? Math.ceil(count / 10) : count;
      const run = measureClients(server, clients, requests, from);
      from += 2 * requests;
      return run;
    });
    return { store, runs, peakMib: residentMib(server.pid).peak };
  } finally {
    await server.stop();
    fs.rmSync(first.dataDir, { recursive: true, force: true });
  }
}

function measureClients(
  { url, key }: ServerProcess,
  clients: number,
  requests: number,
  from: number,
): ReservationFigures {
  const warmUp = Math.ceil(requests / 5);
  const job = { kind: "reservation" as const, url, key, from, warmUp, count: requests };
  return { clients, requests, ...load({ ...job, connections: clients }) };
}

async function addBudgets(databaseUrl: string | null, dataDir: string): Promise<void> {
  const postgres = await openPostgres({ databaseUrl, dataDir, log: createLog("error") });
  const scopes = [
    ["project", "*"],
    ["agent", "*"],
    ["user", "*"],
  ] as const;
  await postgres.db.insert(budgets).values(
    scopes.map(([scope, value]) => ({
      name: scope,
      scope,
      value,
      window: "day",
      timeZone: "UTC",
      mode: "strict",
      action: "block",
      unpriced: "block",
      createdBy: "bench",
      limitUsd: "1000000000",
      limitTokens: 1_000_000_000_000n,
      // Nothing was spent before, so its counters are right as they are.
      generation: 1,
    })),
  );
  await postgres.close();
}
