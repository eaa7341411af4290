import type { ClickHouse } from "@/db/clickhouse/client";
import { findTreeBuckets } from "@/db/clickhouse/queries/find-tree-buckets";
import { MAX_TASKS } from "@/db/clickhouse/queries/list-session-tasks";
import { mergeSession } from "@/db/clickhouse/queries/list-sessions";
import { listTreeRows, type TreeRow } from "@/db/clickhouse/queries/list-tree-rows";
import { listTreeSpans } from "@/db/clickhouse/queries/list-tree-spans";
import { sumTree } from "@/db/clickhouse/queries/sum-tree";
import type { TreeSubject } from "@/db/clickhouse/tree-scope";
import type { Db } from "@/db/postgres";
import { formatInstant } from "@/lib/calendar/format-instant";
import { sealedBeforeUs } from "@/lib/calls/expired-before";
import type { ReadableProject } from "@/lib/calls/narrow-projects";
import { OutlayError } from "@/lib/errors";
import { parseUsd } from "@/lib/money";
import { findSessionOutcomes, type SessionOutcome } from "@/lib/outcomes/find-session-outcomes";
import { findContextWindow } from "@/lib/prices/find-context-window";
import type { Freshness } from "@/lib/runtime";
import { toSession } from "@/lib/sessions/to-session";
import { buildTree } from "@/lib/traces/build-tree";
import { toLedgerRow, toTreeSpan } from "@/lib/traces/to-ledger-row";
import { type TreeAnswer, toTreeAnswer } from "@/lib/traces/to-tree-answer";
import type { SessionTreeAnswer, TreeQuery } from "@/lib/traces/trace-schemas";
import {
  addTotals,
  type LedgerRow,
  noTotals,
  type StepTotals,
  type TreeSpan,
} from "@/lib/traces/tree-step";

export interface TreeContext {
  clickhouse: ClickHouse;
  /** Where outcomes are; left out: none is told. */
  db?: Db;
  projects: readonly ReadableProject[];
  /** How far the figures reach; null: not known. */
  freshness: Freshness | null;
  nowMs: number;
}

/** Events and spans that are read of a tree; what is past them is summed. */
const MAX_READ = 100_000;
const MAX_TRACES = 10_000;
const DAY_US = 86_400 * 1e6;
const ALL_TIME = { fromUs: 0, toUs: Date.UTC(2100, 0, 1) * 1000 };

type Sums = ReturnType<typeof mergeSession>[number];
type Found = TreeAnswer & Pick<SessionTreeAnswer, "as_of" | "expired_before" | "session">;

/**
 * The tree of a session or a trace. Its head has the sums that GET /api/sessions lists over all time, and its steps add
 * up to them: both are asked of one moment.
 * @param subjects what the id may name, the likeliest first
 * @throws OutlayError `not_found`; `bad_request` naming the projects that have one of this name
 */
export async function findTree(
  context: TreeContext,
  subjects: readonly TreeSubject[],
  query: TreeQuery,
): Promise<Found> {
  const asOfUs = Math.min(query.as_of ?? Number.POSITIVE_INFINITY, settledUs(context));
  for (const subject of subjects) {
    const found = await findSums(context, subject, asOfUs);
    if (found) return readTree(context, { ...found, subject, asOfUs }, query.limit);
  }
  const [{ id } = { id: "" }] = subjects;
  const detail = `There is nothing named ${JSON.stringify(id)} that you may see. Calls past their project's retention are gone.`;
  throw new OutlayError("not_found", detail);
}

interface FoundSums {
  project: ReadableProject;
  buckets: number[];
  sums: Sums;
}

/** What was accepted before and is still in the spool would be in one answer and not in the next. */
function settledUs({ freshness, nowMs }: TreeContext): number {
  return (freshness === null ? nowMs : Math.min(nowMs, freshness.freshToMs)) * 1000 - 1;
}

async function findSums(
  { clickhouse, projects }: TreeContext,
  subject: TreeSubject,
  asOfUs: number,
): Promise<FoundSums | null> {
  const scope = { ...ALL_TIME, projectIds: projects.map(({ id }) => id), subject };
  const buckets = (await findTreeBuckets(clickhouse, scope)).map(({ bucket }) => bucket);
  if (buckets.length === 0) return null;
  const cells = await sumTree(clickhouse, { ...scope, buckets, asOfUs });
  const named = projects.filter(({ id }) => cells.some(({ project_id }) => project_id === id));
  const [project] = named;
  if (!project) return null;
  if (named.length > 1) throw severalProjects(named);
  // The sessions of a trace have one each; what they have in common is the trace.
  const isOne = cells.length === 1;
  const [sums] = mergeSession(
    subject.kind === "trace"
      ? cells.map((cell) => ({ ...cell, session: isOne ? cell.session : "", trace: subject.id }))
      : cells,
  );
  return sums ? { project, buckets, sums } : null;
}

function severalProjects(projects: readonly ReadableProject[]): OutlayError {
  const slugs = projects.map(({ slug }) => slug);
  return new OutlayError(
    "bad_request",
    `Several projects have one of this name. Say which: project=${slugs.join(" or ")}.`,
    { errors: [{ path: "project", message: `is one of ${slugs.join(", ")}` }] },
  );
}

async function readTree(
  context: TreeContext,
  found: FoundSums & { subject: TreeSubject; asOfUs: number },
  limit: number,
): Promise<Found> {
  const { project, buckets, sums, subject, asOfUs } = found;
  const scope = { ...ALL_TIME, projectIds: [project.id], asOfUs };
  const read = { ...scope, subject, buckets, limit: MAX_READ };
  const stored = await listTreeRows(context.clickhouse, read);
  const rows = stored.map(toLedgerRow);
  const spans = await readSpans(context.clickhouse, scope, rows, sums);
  const session = subject.kind === "session" ? subject.id : null;
  const tree = toTreeAnswer(buildTree(rows, spans, session), {
    limit,
    unread: rows.length < MAX_READ ? noTotals() : unreadOf(sums, rows),
    windowOf: findContextWindow,
  });
  const outcome = await findOutcome(context, { sums, asOfUs, tasks: lastTasks(stored) });
  return {
    as_of: formatInstant(asOfUs, "UTC"),
    session: toSession(sums, new Map([[project.id, project.slug]]), outcome),
    ...tree,
    expired_before: expiredBefore(project, sums.started_us),
  };
}

async function findOutcome(
  { db }: TreeContext,
  { sums, asOfUs, tasks }: { sums: Sums; asOfUs: number; tasks: string[] },
): Promise<SessionOutcome | null> {
  if (!db) return null;
  const [outcome] = await findSessionOutcomes({ db, asOfUs }, [sums], async () => [tasks]);
  return outcome ?? null;
}

/** As many as the list of sessions looks at, the last ones. */
function lastTasks(rows: readonly TreeRow[]): string[] {
  const tasks = new Set<string>();
  for (const { task, counted } of rows.toReversed()) {
    if (counted && task !== "" && tasks.size < MAX_TASKS) tasks.add(task);
  }
  return [...tasks];
}

/** A trace's outer spans may begin before its calls and end after them: a day each way. */
async function readSpans(
  clickhouse: ClickHouse,
  scope: { projectIds: string[]; asOfUs: number },
  rows: readonly LedgerRow[],
  { started_us, ended_us }: Sums,
): Promise<TreeSpan[]> {
  const traceIds = [...new Set(rows.map(({ traceId }) => traceId))].filter((id) => id !== "");
  if (traceIds.length === 0) return [];
  const range = { fromUs: Math.max(0, started_us - DAY_US), toUs: ended_us + DAY_US };
  const asked = { ...scope, ...range, traceIds: traceIds.slice(0, MAX_TRACES), limit: MAX_READ };
  return (await listTreeSpans(clickhouse, asked)).map(toTreeSpan);
}

/** The sums of all, less those of the events that were read. */
function unreadOf(sums: Sums, rows: readonly LedgerRow[]): StepTotals {
  const steps = buildTree(rows, [], null);
  const read = noTotals();
  for (const step of steps) if (step.parent === null) addTotals(read, step.totals);
  return {
    costFemto: (parseUsd(sums.costUsd) ?? 0n) - read.costFemto,
    unpriced: sums.unknownCosts - read.unpriced,
    partial: (sums.partialCosts ?? 0) - read.partial,
    calls: (sums.calls ?? 0) - read.calls,
    steps: sums.steps - read.steps,
    errors: (sums.errors ?? 0) - read.errors,
    inputTokens: (sums.inputTokens ?? 0) - read.inputTokens,
    outputTokens: (sums.outputTokens ?? 0) - read.outputTokens,
  };
}

/** Whether something of it expired is known of nothing that is left: it may have, where what is left begins so soon. */
function expiredBefore(project: ReadableProject, startedUs: number): string | null {
  const sealedUs = sealedBeforeUs([project]);
  return sealedUs > 0 && startedUs < sealedUs + DAY_US
    ? new Date(sealedUs / 1000).toISOString()
    : null;
}
