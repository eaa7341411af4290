import type { CounterChange } from "@/db/queries/counters";
import { scanRow } from "@/ingest/spool/scan-row";
import { type FemtoUsd, formatUsd, parseUsd } from "@/lib/money";

interface Sum {
  events: number;
  costFemtoUsd: FemtoUsd;
  unknownCosts: number;
}

const COST = ',"cost_usd":"';
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/**
 * Adds up rows that count by project and bucket: all events, the known costs exactly, and how many are unknown.
 * @param lines rows of `llm_calls` as the spool holds them, one a line.
 * @param sign -1: everything negative.
 * @returns the sums, and how many rows could not be read (of no project, without a bucket, with a cost that is none).
 */
export function sumRows(
  lines: string,
  sign: 1 | -1 = 1,
): { changes: CounterChange[]; brokenRows: number } {
  const projects = new Map<string, Map<number, Sum> | null>();
  let brokenRows = 0;
  let costAt = -1;
  for (let start = 0; start < lines.length; ) {
    const lineEnd = lines.indexOf("\n", start);
    const end = lineEnd < 0 ? lines.length : lineEnd;
    const row = scanRow(lines, start, end);
    start = end + 1;
    const buckets = row && bucketsOf(projects, row.projectId);
    if (!row || !buckets) {
      brokenRows++;
      continue;
    }
    if (!row.isCounted) continue;
    // The next cost of the text is kept until it lies behind us: each character is looked at once.
    if (costAt < row.derivedAt) costAt = nextCost(lines, row.derivedAt);
    const cost = costAt < end ? readCost(lines, costAt) : undefined;
    if (cost === null) {
      brokenRows++;
      continue;
    }
    let sum = buckets.get(row.bucket);
    if (!sum) {
      sum = { events: 0, costFemtoUsd: 0n, unknownCosts: 0 };
      buckets.set(row.bucket, sum);
    }
    sum.events++;
    if (cost === undefined) sum.unknownCosts++;
    else sum.costFemtoUsd += cost;
  }
  return { changes: toChanges(projects, sign), brokenRows };
}

function bucketsOf(projects: Map<string, Map<number, Sum> | null>, projectId: string) {
  let buckets = projects.get(projectId);
  if (buckets === undefined) {
    buckets = UUID.test(projectId) ? new Map<number, Sum>() : null;
    projects.set(projectId, buckets);
  }
  return buckets;
}

/** Behind the derived members' begin no sender's name stands, so the first one found there is the column. */
function nextCost(lines: string, from: number): number {
  const at = lines.indexOf(COST, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

function readCost(lines: string, costAt: number): FemtoUsd | null {
  const from = costAt + COST.length;
  return parseUsd(lines.slice(from, lines.indexOf('"', from)));
}

function toChanges(
  projects: ReadonlyMap<string, ReadonlyMap<number, Sum> | null>,
  sign: 1 | -1,
): CounterChange[] {
  const changes: CounterChange[] = [];
  for (const [projectId, buckets] of projects) {
    for (const [bucket, { events, costFemtoUsd, unknownCosts }] of buckets ?? []) {
      changes.push({
        projectId,
        bucket,
        events: sign * events,
        costUsd: formatUsd(BigInt(sign) * costFemtoUsd),
        // Not -0: it would be written so.
        unknownCosts: sign * unknownCosts || 0,
      });
    }
  }
  return changes;
}
