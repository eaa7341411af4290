import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { withJobLock } from "@/db/queries/job-lock";
import { insertLinkBatch } from "@/db/queries/link-batches";
import { findProject } from "@/db/queries/projects";
import { rowPrefixOf } from "@/ingest/events/derive-row";
import { loadTraces } from "@/ingest/link/load-traces";
import { createRestMaker } from "@/ingest/link/make-rest";
import { planLinks } from "@/ingest/link/plan-links";
import type { TouchedTraces } from "@/ingest/link/touched-traces";
import { toIngestProject } from "@/ingest/project-lookup";
import type { Log } from "@/lib/log";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { LinkChange } from "@/lib/traces/link-change";
import { settleLinkBatch, settleLinkBatches } from "@/lib/traces/settle-link-batch";

export interface LinkContext {
  clickhouse: ClickHouse;
  postgres: Pick<Postgres, "kind" | "db">;
  prices: Pick<PriceBookHolder, "priceCall">;
  log: Log;
  /** The next change of this writer. */
  nextChange: () => { writer: string; number: number };
}

/** Traces that are looked at together: each round of questions costs nearly the same for one as for a thousand. */
const TRACES_AT_ONCE = 2_000;
/** Revisions of one batch: enough that its round trips weigh little. */
const BATCH_CHANGES = 1_000;

/**
 * Brings the calls of some traces to what all that is stored of them says, and finishes what was cut short before. Every
 * step may be repeated.
 * @throws QueryFailedError, MalformedRowError, PostgreSQL's errors; then it may be done again
 */
export async function linkTraces(context: LinkContext, touched: TouchedTraces): Promise<void> {
  for (const part of splitTraces(touched, TRACES_AT_ONCE)) await linkPart(context, part);
}

/** Finishes batches that were cut short, be it by a process that is gone. */
export async function finishLinkBatches(context: LinkContext): Promise<void> {
  await withLock(context, async () => undefined);
}

async function linkPart(context: LinkContext, touched: TouchedTraces): Promise<void> {
  const { clickhouse, postgres, log } = context;
  const left = await withLock(context, async () => {
    const loaded = await loadTraces(clickhouse, touched);
    const isLeft = loaded.tooLarge.some((id) => touched.traceIds.has(id));
    if (isLeft && touched.traceIds.size > 1) return true;
    if (isLeft) {
      const [trace] = loaded.tooLarge;
      log.warn({ trace }, "a trace has too many spans to be linked; its calls stay as they came");
    }
    const project = await findProject(postgres.db, touched.projectId);
    if (!project || loaded.calls.length === 0) return false;
    const sender = { ...toIngestProject(project), apiKeyId: "" };
    const ingest = { ...sender, nowMs: Date.now(), rowPrefix: rowPrefixOf(sender) };
    const changes = planLinks(loaded, {
      sealedBeforeMs: project.sealedBefore?.getTime() ?? 0,
      makeRest: createRestMaker({ ...ingest, keepsContent: false }, context.prices),
    });
    await writeChanges(context, touched.projectId, changes);
    return false;
  });
  if (!left) return;
  // Together they are too many: each half by itself.
  const half = Math.ceil(touched.traceIds.size / 2);
  for (const part of splitTraces(touched, half)) await linkPart(context, part);
}

async function writeChanges(
  context: LinkContext,
  projectId: string,
  changes: readonly LinkChange[],
): Promise<void> {
  const { clickhouse, postgres, nextChange } = context;
  for (let start = 0; start < changes.length; start += BATCH_CHANGES) {
    const part = changes.slice(start, start + BATCH_CHANGES);
    // Stored before its first row: what is cut short from here on is known, and done again.
    const batch = await insertLinkBatch(postgres.db, { projectId, changes: part });
    await settleLinkBatch({ clickhouse, db: postgres.db, change: nextChange() }, batch);
  }
}

/** One at a time, and none beside a correction: both read a call, decide, and write its next revision. */
function withLock<Result>(context: LinkContext, work: () => Promise<Result>): Promise<Result> {
  const { clickhouse, postgres, nextChange } = context;
  return withJobLock(postgres, "corrections", async () => {
    await settleLinkBatches({ clickhouse, db: postgres.db }, nextChange);
    return work();
  });
}

function* splitTraces(touched: TouchedTraces, size: number): Generator<TouchedTraces> {
  const traces = [...touched.traceIds];
  const logs = [...touched.logIds];
  for (let start = 0; start < Math.max(traces.length, logs.length); start += size) {
    yield {
      ...touched,
      traceIds: new Set(traces.slice(start, start + size)),
      logIds: new Set(logs.slice(start, start + size)),
    };
  }
}
