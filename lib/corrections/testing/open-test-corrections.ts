import { eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import type { ClickHouse } from "@/db/clickhouse/client";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { type CallRowOptions, makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import type { Db } from "@/db/postgres";
import { findCorrection } from "@/db/queries/corrections";
import { addToSpendCounters } from "@/db/queries/counters";
import { spendCounters } from "@/db/schema/counters";
import type { UserActor } from "@/lib/auth/actor";
import type { CorrectionContext } from "@/lib/corrections/correction-context";
import { toCorrectionAnswer } from "@/lib/corrections/correction-row";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { startCorrections } from "@/lib/corrections/start-corrections";
import { makeProject, openTestRuntime } from "@/lib/testing/test-runtime";

/** Both stores, and the job that corrects. */
export type TestCorrections = Awaited<ReturnType<typeof openTestCorrections>>;
type Project = Awaited<ReturnType<typeof makeProject>>;

export async function openTestCorrections() {
  const store = await openTestClickHouse();
  const runtime = await openTestRuntime(store.clickhouse);
  const { db } = runtime.postgres;
  const job = startCorrections(runtime);
  runtime.corrections = job;
  let changes = 0;
  return {
    runtime,
    db,
    job,
    clickhouse: store.clickhouse,
    /** What a verb is given. */
    as: (actor: UserActor, ...projects: Project[]) => ({
      ...runtime,
      db,
      actor,
      requestId: null,
      projects,
    }),
    /** Stores calls as the readers of the spool do: rows, changes, counters. */
    async send(project: Project, calls: readonly CallRowOptions[]) {
      const rows = calls.map((call) => makeCallRow({ ...call, project_id: project.id }));
      await store.clickhouse.insertLines("llm_calls", toLines(rows));
      changes += 1;
      const buckets = [...new Set(calls.map(({ atMs }) => toBucket(atMs * 1000)))];
      const touched = buckets.map((bucket) => ({ projectId: project.id, bucket }));
      await insertBucketChanges(store.clickhouse, touched, { writer: "1", number: changes });
      for (const row of rows) {
        const cost = { costUsd: row.cost_usd ?? "0", unknownCosts: row.cost_usd === null ? 1 : 0 };
        const key = { projectId: project.id, bucket: row.bucket, events: 1 };
        await addToSpendCounters(db, [{ ...key, ...cost }]);
      }
      return rows;
    },
    makeProject: () => makeProject(db),
    /** The correction when it is over: the verbs wait for two seconds only, and a test's machine may be busy. */
    async ended(asked: Promise<CorrectionAnswer>): Promise<CorrectionAnswer> {
      const { id } = await asked;
      await expect
        .poll(async () => (await findCorrection(db, id))?.finishedAt ?? null, { timeout: 60_000 })
        .not.toBeNull();
      const row = await findCorrection(db, id);
      if (!row) throw new Error("the correction is gone");
      return toCorrectionAnswer(db, row);
    },
    countersOf: (project: Project) => countersOf(db, project),
    sumsOf: (project: Project) => sumsOf(store.clickhouse, project),
    async close() {
      await job.close();
      await runtime.close();
      await store.close();
    },
  };
}

/** What the counters of a project say, of all buckets. */
export async function countersOf(db: Db, project: { id: string }) {
  const [row] = await db
    .select({
      events: sql`coalesce(sum(${spendCounters.events}), 0)`.mapWith(Number),
      costUsd: sql`trim_scale(coalesce(sum(${spendCounters.costUsd}), 0))`.mapWith(String),
      unknownCosts: sql`coalesce(sum(${spendCounters.unknownCosts}), 0)`.mapWith(Number),
    })
    .from(spendCounters)
    .where(eq(spendCounters.projectId, project.id));
  return row;
}

/** The same sums of the calls themselves. */
export async function sumsOf(clickhouse: ClickHouse, project: { id: string }) {
  const [row] = await clickhouse.query(
    `SELECT toInt32(count()) AS events, toString(ifNull(sum(cost_usd), 0)) AS costUsd,
       toInt32(countIf(isNull(cost_usd))) AS unknownCosts
     FROM llm_calls FINAL WHERE project_id = {id:String} AND counted`,
    { id: project.id },
  );
  return row;
}

/** A job's context whose every step in the stores can be made to fail once. */
export function withFault(
  context: Omit<CorrectionContext, "mustStop">,
  fails: (step: "rows" | "changes" | "transaction", when: "before" | "after") => boolean,
): CorrectionContext {
  const { clickhouse, postgres } = context;
  // A server's job lock is a transaction too: the batch's own is the one after its rows.
  let hasRows = false;
  const around = async <Result>(
    step: "rows" | "changes" | "transaction",
    work: () => Promise<Result>,
  ): Promise<Result> => {
    if (fails(step, "before")) throw new Error(`cut before ${step}`);
    const result = await work();
    if (fails(step, "after")) throw new Error(`cut after ${step}`);
    return result;
  };
  const db = new Proxy(postgres.db, {
    get(target, name, receiver) {
      if (name !== "transaction") return Reflect.get(target, name, receiver);
      const transaction: Db["transaction"] = (work) =>
        hasRows ? around("transaction", () => target.transaction(work)) : target.transaction(work);
      return transaction;
    },
  });
  return {
    ...context,
    postgres: { kind: postgres.kind, db },
    clickhouse: {
      ...clickhouse,
      kind: clickhouse.kind,
      query: (...asked) => clickhouse.query(...asked),
      command: (...asked) => clickhouse.command(...asked),
      ping: () => clickhouse.ping(),
      close: () => clickhouse.close(),
      insertLines: (table, lines) => {
        hasRows ||= table === "llm_calls";
        const step = table === "llm_calls" ? "rows" : "changes";
        return around(step, () => clickhouse.insertLines(table, lines));
      },
    },
  };
}
