import type { TreeRow } from "@/db/clickhouse/queries/list-tree-rows";
import type { TreeSpanRow } from "@/db/clickhouse/queries/list-tree-spans";
import { divideHalfEven, type FemtoUsd, parseUsd } from "@/lib/money";
import { COST_STATUSES, type CostStatus } from "@/lib/prices/price";
import type { LedgerRow, TreeSpan } from "@/lib/traces/tree-step";

const PER_MILLION = 1_000_000n;

/** A stored event as a tree needs it. */
export function toLedgerRow(row: TreeRow): LedgerRow {
  const rates = readRates(row.rates);
  return {
    id: row.id,
    startUs: row.started_us,
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id,
    type: row.type,
    name: row.name,
    agent: row.agent,
    provider: row.provider,
    model: row.model,
    requestedModel: row.requested_model,
    status: row.status,
    errorType: row.error_type,
    attempt: row.attempt,
    durationMs: row.duration_ms,
    timeToFirstTokenMs: row.time_to_first_token_ms,
    promptHash: row.prompt_hash,
    counted: row.counted,
    linkedId: row.linked_id,
    tokens: row.has_usage
      ? {
          input: row.input_tokens,
          cache_read: row.cache_read_tokens,
          cache_write: row.cache_write_tokens,
          output: row.output_tokens,
          reasoning: row.reasoning_tokens,
        }
      : null,
    costFemto: row.cost === null ? null : parseUsd(row.cost),
    costStatus: readStatus(row.cost_status),
    costReason: row.cost_reason,
    inputRateFemto: rates.find(({ name }) => name === "input")?.rate ?? null,
    cacheSavingFemto: savingOf(rates),
  };
}

/** A stored span as a tree needs it. */
export function toTreeSpan(row: TreeSpanRow): TreeSpan {
  return {
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: row.parent,
    name: row.name,
    kind: row.kind,
    startUs: row.started_us,
    endUs: row.ended_us === 0 ? null : row.ended_us,
    status: row.status,
    errorType: ERROR_TYPES.find((known) => known === row.error_type) ?? null,
    tags: { agent: row.agent || null, session: row.session || null },
  };
}

const ERROR_TYPES = [
  "rate_limit",
  "validation",
  "authentication",
  "timeout",
  "cancelled",
  "unknown",
] as const;

interface Rate {
  name: string;
  units: bigint;
  /** Femto-dollars for a million. */
  rate: FemtoUsd;
}

function readRates(lines: TreeRow["rates"]): Rate[] {
  return lines.flatMap(([name, units, usd]) => {
    const rate = parseUsd(usd);
    return rate === null || !/^\d+$/.test(units) ? [] : [{ name, units: BigInt(units), rate }];
  });
}

/**
 * What its cached input would have cost more as plain input, less what writing to the cache cost more. It takes the
 * call's own price of plain input: a call of which everything came from the cache has no such line, and none is guessed.
 */
function savingOf(rates: readonly Rate[]): FemtoUsd | null {
  const plain = rates.find(({ name }) => name === "input");
  const cached = rates.filter(({ name }) => name !== "input");
  if (!plain || cached.length === 0) return null;
  return cached.reduce(
    (sum, { units, rate }) => sum + divideHalfEven(units * (plain.rate - rate), PER_MILLION),
    0n,
  );
}

function readStatus(text: string): CostStatus {
  return COST_STATUSES.find((known) => known === text) ?? "unpriced";
}
