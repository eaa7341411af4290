import type { IncomingMessage, Server, ServerResponse } from "node:http";
import path from "node:path";
import type { ClickHouse } from "@/db/clickhouse/client";
import type { Postgres } from "@/db/postgres";
import { HTTP_LIMITS } from "@/ingest/answer-client-error";
import { CALLS_READER, type CallsWriter, startWritingCalls } from "@/ingest/calls/write-calls";
import { type ContentsWriter, startWritingContents } from "@/ingest/contents/write-contents";
import { createBudgetCounting } from "@/ingest/counters/count-budgets";
import { createSpendCounting } from "@/ingest/counters/count-spend";
import { COUNTERS_READER, type CountersWriter, startCounting } from "@/ingest/counters/count-spool";
import { openGuard } from "@/ingest/guard/open-guard";
import { checkReadiness, tellReadiness } from "@/ingest/health";
import { createIngestHandler } from "@/ingest/http";
import { SPANS_READER, type SpansWriter, startWritingSpans } from "@/ingest/link/write-spans";
import { acceptSpans } from "@/ingest/otlp/accept-spans";
import { SpanSamples } from "@/ingest/otlp/span-samples";
import { TraceMemory } from "@/ingest/otlp/trace-memory";
import { TracedProjects } from "@/ingest/otlp/traced-projects";
import { createProjectLookup } from "@/ingest/project-lookup";
import { type QuickConnections, serveQuickly } from "@/ingest/quick/serve-quickly";
import { createQuickTaker } from "@/ingest/quick/take-quick-request";
import { type RejectionMover, startMovingRejections } from "@/ingest/rejections/move-rejections";
import { startRetrying } from "@/ingest/rejections/retry-rejections";
import { openSpool, type Spool } from "@/ingest/spool/open-spool";
import { startNotices } from "@/lib/alerts/start-notices";
import { startWatching } from "@/lib/alerts/start-watching";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import { startBuilding } from "@/lib/budgets/start-building";
import { watchSettled } from "@/lib/budgets/watch-settled";
import { startCorrections } from "@/lib/corrections/start-corrections";
import type { Env } from "@/lib/env";
import { watchFreshness } from "@/lib/health/watch-freshness";
import { checkBudgets } from "@/lib/integrity/check-budgets";
import { startIntegrity } from "@/lib/integrity/start-integrity";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import type { Log } from "@/lib/log";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { createOutputLearner } from "@/lib/reservations/output-learner";
import { startRetention } from "@/lib/retention/start-retention";
import { startRollups } from "@/lib/rollups/start-rollups";
import type { Backlog, Readiness } from "@/lib/runtime";
import type { Secrets } from "@/lib/settings/load-secrets";
import type { PreviewTags } from "@/lib/traces/tag-preview";

/** The machines' side of the process, running. */
export interface Ingest {
  /** Answers `/v1/*`, `/healthz` and `/readyz`. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Takes ordinary requests of one event from a server's new connections before `node:http` does. */
  serveQuickly(server: Server): QuickConnections;
  backlog(): Backlog;
  readiness(): Promise<Readiness>;
  /** A correction was asked for in this process. */
  wakeCorrections(): void;
  /** Somebody asked for a rejected event to be tried again. */
  wakeRetries(): void;
  /** A budget was made in this process. */
  wakeBudgets(): void;
  /** Alerts were recorded, or a delivery is to be sent, in this process. */
  wakeAlerts(): void;
  /** Tries rules for tags on spans that came lately. */
  previewTags: PreviewTags;
  /** Ends what never ends by itself: to be called before the server waits for its requests. */
  endStreams(): void;
  /** Its parts, running; for whoever looks inside. */
  readonly spool: Spool;
  readonly calls: CallsWriter;
  readonly spans: SpansWriter;
  readonly contents: ContentsWriter;
  readonly counters: CountersWriter;
  readonly rejections: RejectionMover;
  /** Drains for at most `drainMs`, then stops; what is left stays on disk for the next start. */
  close(drainMs: number): Promise<void>;
}

/**
 * Opens the spool in the data directory, starts its readers and makes the handler in front of it.
 * @param options.callsStore where calls are written, if not straight to `clickhouse`.
 */
export async function openIngest(options: {
  env: Env;
  log: Log;
  clickhouse: ClickHouse;
  postgres: Postgres;
  keys: KeyVerifier;
  prices: PriceBookHolder;
  secrets: Pick<Secrets, "sealing">;
  /** Where people reach this installation: notices link there. */
  publicUrl: string;
  callsStore?: Pick<ClickHouse, "insertLines">;
}): Promise<Ingest> {
  const { env, log, clickhouse, postgres, keys, prices } = options;
  const bound = { maxBytes: env.spoolMaxBytes, log };
  // One bound for both: what spans take is not there for events, and the other way round.
  const spansSpool: Spool = openSpool({
    ...bound,
    dir: path.join(env.dataDir, "spool-spans"),
    readers: [SPANS_READER],
    othersBytes: () => spool.usedBytes(),
  });
  const spool: Spool = openSpool({
    ...bound,
    dir: path.join(env.dataDir, "spool"),
    readers: [CALLS_READER, COUNTERS_READER],
    othersBytes: () => spansSpool.usedBytes(),
  });
  const rollups = startRollups({ clickhouse, postgres, log });
  const memory = new TraceMemory();
  const samples = new SpanSamples();
  const corrections = startCorrections({
    clickhouse,
    postgres,
    prices,
    log,
    onErase: (projectId) => {
      memory.forget(projectId);
      samples.forget(projectId);
    },
  });
  const retention = startRetention({ clickhouse, postgres, log });
  const lastArrivalUs = () => spool.lastArrivalUs();
  const buildContext = { clickhouse, postgres, lastArrivalUs, now: Date.now };
  const integrity = startIntegrity({
    clickhouse,
    postgres,
    log,
    onRepair: () => rollups.wake(),
    checkBudgets: () => checkBudgets(buildContext),
  });
  const calls = startWritingCalls({
    spool,
    clickhouse: options.callsStore ?? clickhouse,
    log,
    onWritten: () => rollups.wake(),
  });
  const callsStore = options.callsStore ?? clickhouse;
  const contents = startWritingContents({ spool, clickhouse: callsStore, log });
  const traced = new TracedProjects(clickhouse, spansSpool);
  const spans = startWritingSpans({
    spool: spansSpool,
    calls,
    store: callsStore,
    clickhouse,
    postgres,
    prices,
    log,
    onLinked: () => rollups.wake(),
  });
  const policy = createPolicyHolder();
  // Read once before it is needed: what is answered while PostgreSQL is away depends on it.
  await postgres.db.transaction((tx) => policy.hold(tx));
  const learner = createOutputLearner();
  const budgetCounting = createBudgetCounting({
    policy,
    postgres,
    log,
    onSettled: (settled) => {
      for (const { call, reservation } of settled) {
        if (!call.hasUsage || call.type !== "llm") continue;
        const { projectId, model, agent } = reservation;
        // By the model that was asked for: responses often name another.
        learner.learn({
          projectId,
          model: model ?? "",
          agent,
          outputTokens: Number(call.outputTokens),
        });
      }
    },
  });
  // Budgets first: they lock the policy, before which nobody locks a counter.
  const countings = [budgetCounting, createSpendCounting(log)];
  const counters = startCounting({
    spool,
    postgres,
    countings,
    callsBacklog: () => calls.backlog(),
    log,
  });
  const rejections = startMovingRejections({
    spool,
    postgres,
    countings,
    isRegistered: () => counters.isRegistered(),
    log,
  });
  const building = startBuilding({
    ...buildContext,
    // Counted and in the calls: what a sum of the calls may be held against.
    freshness: watchSettled({
      db: postgres.db,
      log,
      own: () => {
        const { events, freshToMs } = calls.backlog();
        const bothMs = Math.min(freshToMs, counters.countedToMs());
        return { spoolId: spool.id(), events, freshToMs: bothMs };
      },
      hasOthers: postgres.kind === "server",
    }),
    log,
  });
  const notices = startNotices(options);
  const watching = startWatching({
    env,
    clickhouse,
    postgres,
    prices,
    freshness: watchFreshness({
      db: postgres.db,
      log,
      own: () => ({ spoolId: spool.id(), ...calls.backlog() }),
      hasOthers: postgres.kind === "server",
    }),
    log,
    onRecorded: () => notices.wake(),
  });
  const retries = startRetrying({ spool, prices, postgres, log });
  const findProject = createProjectLookup(postgres.db);
  const guard = openGuard({
    postgres,
    policies: policy,
    learner,
    prices,
    keys,
    findProject,
    own: () => ({ spoolId: spool.id(), countedToMs: counters.countedToMs() }),
    log,
  });
  const health = { spool, calls, spans, counters, clickhouse, postgres };
  const acceptSpansDeps = {
    spool,
    spans: { spool: spansSpool, memory, noteProject: (id: string) => traced.note(id) },
    prices,
    rejections: rejections.log,
  };
  const handle = createIngestHandler({
    ...health,
    log,
    keys,
    findProject,
    prices,
    rejections: rejections.log,
    traced,
    acceptSpans: async (input, context) => {
      const result = await acceptSpans(input, context, acceptSpansDeps);
      samples.note(context.projectId, input.spans, input.logs, context.nowMs);
      return result;
    },
    guard: guard.deps,
    streams: guard.streams,
  });
  const take = createQuickTaker({ keys, prices, spool, traced });
  return {
    handle,
    serveQuickly: (server) => serveQuickly(server, take, HTTP_LIMITS.keepAliveTimeout),
    previewTags: (projectId, rules) => samples.preview(projectId, rules),
    backlog: () => calls.backlog(),
    readiness: () => tellReadiness(checkReadiness(health)),
    wakeCorrections: () => corrections.wake(),
    wakeRetries: () => retries.wake(),
    wakeBudgets: () => building.wake(),
    wakeAlerts: () => notices.wake(),
    endStreams: () => guard.streams.close(),
    spool,
    calls,
    contents,
    counters,
    rejections,
    spans,
    async close(drainMs) {
      await guard.close();
      await retries.close();
      // Side by side: each has its own store to wait for.
      await Promise.all([
        spans.close(),
        calls.close(drainMs),
        contents.close(drainMs),
        counters.close(drainMs),
      ]);
      await rejections.close();
      await watching.close();
      await notices.close();
      await building.close();
      await integrity.close();
      await corrections.close();
      await rollups.close();
      await retention.close();
      await spool.close();
      await spansSpool.close();
    },
  };
}
