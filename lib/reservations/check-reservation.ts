import type { CallTags } from "@/lib/budgets/budget";
import type { FieldError } from "@/lib/errors";
import { checkText } from "@/lib/events/check-text";
import { EVENT_LIMITS } from "@/lib/events/event-fields";
import { explainIssue } from "@/lib/events/explain-issue";
import { readCounts } from "@/lib/events/read-usage";
import { type FemtoUsd, parseUsd } from "@/lib/money";
import { normaliseServiceTier } from "@/lib/prices/service-tier";
import {
  RESERVATION_LIMITS,
  type ReservationShape,
  renewSchema,
  reservationSchema,
} from "@/lib/reservations/reservation-schema";
import { checkUsage } from "@/lib/usage/check-usage";
import type { Usage } from "@/lib/usage/usage";

/** A valid wish to call a model or a tool. */
export interface Wish {
  /** null: the caller gave none. */
  id: string | null;
  type: "llm" | "tool";
  tags: Omit<CallTags, "projectId">;
  provider: string | null;
  /** Estimated at most; null: nothing was estimated. */
  usage: Usage | null;
  maxOutputTokens: number | null;
  maxWebSearches: number | null;
  /** The caller's own worst case. */
  estimatedCostFemtoUsd: FemtoUsd | null;
  /** null: whichever the response will name. */
  serviceTier: string | null;
  inferenceGeo: string | null;
  ttlSeconds: number;
}

export type WishCheck = { ok: true; wish: Wish } | { ok: false; errors: FieldError[] };

/** Enough to mend a wish. */
const MAX_ERRORS = 16;

const TEXT_NAMES = [
  "id",
  "agent",
  "task",
  "task_type",
  "feature",
  "user",
  "session",
  "trace_id",
  "provider",
  "model",
  "inference_geo",
] as const satisfies readonly (keyof ReservationShape)[];

const TOKEN_NAMES = ["input_tokens", "output_tokens", "web_searches"] as const;

/** Checks a body of `POST /v1/reservations`. @returns the wish, or every fault with its path, at most 16 */
export function checkReservation(value: unknown): WishCheck {
  const parsed = reservationSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues;
    const errors = issues.flatMap((issue) => explainIssue(issue, value, reservationSchema));
    return { ok: false, errors: errors.slice(0, MAX_ERRORS) };
  }
  const fields = parsed.data;
  const errors: FieldError[] = [];
  checkTexts(fields, errors);
  const wish: Wish = {
    id: fields.id ?? null,
    type: fields.type ?? "llm",
    tags: {
      agent: fields.agent || null,
      task: fields.task || null,
      taskType: fields.task_type || null,
      feature: fields.feature || null,
      user: fields.user || null,
      session: fields.session || null,
      traceId: fields.trace_id || null,
      model: fields.model || null,
    },
    provider: fields.provider || null,
    usage: readEstimate(fields, errors),
    maxOutputTokens: fields.estimated_usage?.max_output_tokens ?? null,
    maxWebSearches: fields.estimated_usage?.max_web_searches ?? null,
    estimatedCostFemtoUsd: readCost(fields, errors),
    serviceTier: readTier(fields),
    inferenceGeo: fields.inference_geo || null,
    ttlSeconds: fields.ttl_seconds ?? RESERVATION_LIMITS.defaultTtlSeconds,
  };
  if (errors.length > 0) return { ok: false, errors: errors.slice(0, MAX_ERRORS) };
  return { ok: true, wish };
}

/** Checks a body of `POST /v1/reservations/{id}/renew`. @returns seconds, or every fault */
export function checkRenewal(
  value: unknown,
): { ok: true; ttlSeconds: number } | { ok: false; errors: FieldError[] } {
  const parsed = renewSchema.safeParse(value);
  if (parsed.success) {
    return {
      ok: true,
      ttlSeconds: parsed.data.ttl_seconds ?? RESERVATION_LIMITS.defaultTtlSeconds,
    };
  }
  const errors = parsed.error.issues.flatMap((issue) => explainIssue(issue, value, renewSchema));
  return { ok: false, errors: errors.slice(0, MAX_ERRORS) };
}

function checkTexts(fields: ReservationShape, errors: FieldError[]): void {
  for (const name of TEXT_NAMES) {
    const text = fields[name];
    if (!text) continue;
    const message = checkText(text, RESERVATION_LIMITS.textLength);
    if (message) errors.push({ path: name, message });
  }
  if (fields.id === "") errors.push({ path: "id", message: "must not be empty" });
  if ((fields.type ?? "llm") === "llm" && !fields.model) {
    errors.push({ path: "model", message: "is required for a reservation of type llm" });
  }
}

/** `auto` lets the provider choose, so it names none; the other spellings mean one tier. */
function readTier({ service_tier: sent }: ReservationShape): string | null {
  return sent === null || sent === undefined || sent === "auto" ? null : normaliseServiceTier(sent);
}

function readEstimate(fields: ReservationShape, errors: FieldError[]): Usage | null {
  if (!fields.estimated_usage) return null;
  const { max_output_tokens, max_web_searches, ...counts } = fields.estimated_usage;
  const path = "estimated_usage";
  const found: FieldError[] = [];
  const usage = readCounts(counts, found);
  errors.push(...found.map((fault) => ({ ...fault, path: fault.path.replace("usage", path) })));
  if (!usage) return null;
  for (const name of TOKEN_NAMES) {
    if ((usage[name] ?? 0) <= RESERVATION_LIMITS.tokens) continue;
    const message = `must be at most ${RESERVATION_LIMITS.tokens}`;
    errors.push({ path: `${path}.${name}`, message });
  }
  checkUnits(usage, path, errors);
  // Unlike an event, which happened, a contradictory estimate can be mended before it is used.
  const fault = checkUsage(usage);
  if (fault) {
    const part = fault.slice(fault.indexOf(":") + 1);
    errors.push({ path: `${path}.${part}`, message: "is more than what it is a part of" });
  }
  return usage;
}

function checkUnits({ units = {} }: Usage, path: string, errors: FieldError[]): void {
  const names = Object.keys(units);
  if (names.length > EVENT_LIMITS.unitNames) {
    const message = `must have at most ${EVENT_LIMITS.unitNames} names`;
    errors.push({ path: `${path}.units`, message });
    return;
  }
  for (const name of names) {
    const fault = name === "" ? "must have a name" : checkText(name, EVENT_LIMITS.unitNameLength);
    if (fault) errors.push({ path: `${path}.units.${name}`, message: fault });
  }
}

function readCost({ estimated_cost_usd: text }: ReservationShape, errors: FieldError[]) {
  if (text === null || text === undefined) return null;
  const femtoUsd = parseUsd(text);
  if (femtoUsd === null || femtoUsd > EVENT_LIMITS.reportedCostFemtoUsd) {
    const message = "must have at most 16 digits before the point and 15 after it";
    errors.push({ path: "estimated_cost_usd", message });
  }
  return femtoUsd;
}
