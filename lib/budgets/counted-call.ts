import { toInstantUs } from "@/db/clickhouse/llm-call-row";
import type { CallTags } from "@/lib/budgets/budget";
import { storableText } from "@/lib/budgets/storable-text";
import { type FemtoUsd, parseUsd } from "@/lib/money";

/** What budgets count of a call. */
export interface CountedCall {
  projectId: string;
  /** Start of its 15 minutes, seconds since 1970; with the id its identity. */
  bucket: number;
  id: string;
  /** Its own time, milliseconds since 1970. */
  atMs: number;
  /** Microseconds since 1970. */
  arrivedUs: number;
  type: string;
  tags: CallTags;
  /** null: unknown. */
  cost: FemtoUsd | null;
  hasUsage: boolean;
  /** Input and output, whatever its type. */
  tokens: bigint;
  outputTokens: bigint;
  /** Whole milliseconds; 0 where it was not sent. */
  ms: bigint;
  reservationId: string | null;
  provider: string | null;
}

/**
 * The most that one call counts. Nothing real comes near (10 years, a million million tokens); without a bound a few
 * absurd events would carry a counter past PostgreSQL's 64 bits, and its dollars would not be counted either.
 */
export const MOST_OF_A_CALL = { ms: 315_360_000_000, tokens: 1_000_000_000_000 } as const;

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/**
 * Reads a row of `llm_calls`, as the spool holds it (what was not sent is left out) or as the store answers (64-bit
 * numbers are text). @returns null for one that cannot be counted: without project, time, arrival, or with a cost that
 * is none
 */
export function toCountedCall(row: Readonly<Record<string, unknown>>): CountedCall | null {
  const { project_id: projectId, id, ts, ingested_at: arrived } = row;
  if (typeof projectId !== "string" || typeof id !== "string" || !UUID.test(projectId)) return null;
  if (typeof ts !== "string" || typeof arrived !== "string") return null;
  const [atUs, arrivedUs] = [toInstantUs(ts), toInstantUs(arrived)];
  const cost = readCost(row.cost_usd);
  if (Number.isNaN(atUs) || Number.isNaN(arrivedUs) || cost === undefined) return null;
  const outputTokens = tokensOf(row.output_tokens);
  return {
    projectId,
    bucket: Math.floor(atUs / 900e6) * 900,
    id,
    atMs: Math.floor(atUs / 1000),
    arrivedUs,
    type: typeof row.type === "string" ? row.type : "",
    tags: {
      projectId,
      agent: tagOf(row.agent),
      task: tagOf(row.task),
      taskType: tagOf(row.task_type),
      feature: tagOf(row.feature),
      user: tagOf(row.user),
      session: tagOf(row.session),
      traceId: tagOf(row.trace_id),
      model: tagOf(row.model),
    },
    cost,
    hasUsage: row.has_usage === true,
    tokens: tokensOf(row.input_tokens) + outputTokens,
    outputTokens,
    ms: BigInt(Math.min(MOST_OF_A_CALL.ms, Math.floor((Number(row.duration_ms) || 0) + 0.5))),
    reservationId: tagOf(row.reservation_id),
    provider: tagOf(row.provider),
  };
}

/** Text that was not sent is empty. */
function tagOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? storableText(value) : null;
}

function tokensOf(value: unknown): bigint {
  return BigInt(Math.min(MOST_OF_A_CALL.tokens, Number(value) || 0));
}

/** undefined: it says something that is no cost. */
function readCost(value: unknown): FemtoUsd | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? (parseUsd(value) ?? undefined) : undefined;
}
