import { expect } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import type { Db } from "@/db/postgres";
import { findProject } from "@/db/queries/projects";
import { readCounters } from "@/ingest/testing/counted-events";
import { type SentEvent, sumByBucket } from "@/ingest/testing/sending-client";
import { parseUsd } from "@/lib/money";
import { parseQuery, readQuery } from "@/lib/request-input";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";

interface Stores {
  clickhouse: ClickHouse;
  db: Db;
}

/** Fails unless a project's calls are these events, each once. */
export async function expectCalls(
  { clickhouse }: Stores,
  projectId: string,
  events: readonly SentEvent[],
): Promise<void> {
  const rows = await clickhouse.query(
    "SELECT id FROM llm_calls FINAL WHERE project_id = {projectId:String} ORDER BY id",
    { projectId },
  );
  const ids = events.map(({ id }) => id).sort();
  expect((rows as { id: string }[]).map(({ id }) => id)).toEqual(ids);
}

/** Fails unless what people are told of a project's spend is the sum of these events, by whichever way it is summed. */
export async function expectSpend(
  { clickhouse, db }: Stores,
  projectId: string,
  events: readonly SentEvent[],
): Promise<void> {
  const project = await findProject(db, projectId);
  if (!project) throw new Error(`no project ${projectId}`);
  const cost = events.reduce((sum, { costFemtoUsd }) => sum + costFemtoUsd, 0n);
  for (const question of ["", "&group_by=feature", "&group_by=model&interval=day"]) {
    const query = `from=2025-11-01T00:00:00Z&to=2025-11-08T00:00:00Z&tz=UTC${question}`;
    const { total, rows } = await sumSpend(
      {
        clickhouse,
        projects: [project],
        freshness: null,
        nowMs: Date.now(),
        organisationTimeZone: "UTC",
      },
      parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`))),
    );
    const summed = rows.reduce((sum, row) => sum + (parseUsd(row.cost_usd ?? "") ?? 0n), 0n);
    expect({
      question,
      calls: total.calls,
      cost: parseUsd(total.cost_usd ?? ""),
      summed,
    }).toEqual({ question, calls: events.length, cost, summed: cost });
  }
}

/** Fails unless PostgreSQL counted these events of a project, each once, bucket by bucket. */
export async function expectCounters(
  { db }: Stores,
  projectId: string,
  events: readonly SentEvent[],
): Promise<void> {
  const counters = await readCounters(db, projectId);
  expect(
    counters.map(({ bucket, events: count, costUsd, unknownCosts }) => {
      return { bucket, events: count, costFemtoUsd: parseUsd(costUsd), unknownCosts };
    }),
  ).toEqual(sumByBucket(events).map((sum) => ({ ...sum, unknownCosts: 0 })));
}
