import { type FemtoUsd, parseUsd } from "../money.ts";

/** What `GET /v1/policy` may be asked about. */
export const POLICY_TAGS = [
  "agent",
  "task",
  "task_type",
  "feature",
  "user",
  "session",
  "trace_id",
  "model",
] as const;
export type PolicyTag = (typeof POLICY_TAGS)[number];

/** A call's tags by the names of the policy; empty without the tag. */
export type PolicyTags = Readonly<Record<PolicyTag, string>>;

/** What a budget limits and counts. */
export interface Amounts {
  usd: FemtoUsd;
  tokens: number;
  calls: number;
  tool_calls: number;
  seconds: number;
}

export interface KillSwitch {
  scope: string;
  value: string | null;
  reason: string;
  engaged_by: string | null;
  engaged_at: string | null;
  until: string | null;
  /** Of `until`; null: until it is released. */
  untilMs: number | null;
}

export interface PolicyBudget {
  /** Of the budget and the value that it counts. */
  key: string;
  id: string;
  name: string;
  scope: string;
  value: string | null;
  window: string;
  mode: "observe" | "enforce" | "strict";
  /** null while degraded: not known. */
  state: "counting" | "ok" | "warning" | "exceeded" | "locked" | null;
  action: "block" | "throttle" | "reroute";
  /** Those that act; without any the budget's own action stands at 100 %. */
  thresholds: { percent: number; action: "block" | "throttle" | "reroute" | "lockout" }[];
  /** False: an admin opened the only one that acts, so nothing does. */
  acts: boolean;
  resetsAtMs: number | null;
  limits: { [K in keyof Amounts]: Amounts[K] | null };
  /** null: not known. */
  spent: Amounts | null;
  reserved: Amounts | null;
}

/** An answer of `GET /v1/policy`, ready to decide by. */
export interface Policy {
  version: number;
  ttlMs: number;
  degraded: boolean;
  failMode: "open" | "closed";
  switches: KillSwitch[];
  budgets: PolicyBudget[];
  /** Tags that budgets depend on and that were not asked about. */
  notAsked: PolicyTag[];
  /** Tags without which the project lets no call through. */
  requiredTags: string[];
}

type Json = Record<string, unknown>;

/**
 * Reads an answer. What this version does not know is kept: a switch of an unknown scope stops all.
 * @throws TypeError where it is no policy
 */
export function readPolicy(answer: unknown): Policy {
  const given = objectOf(answer);
  const { version } = given;
  if (typeof version !== "number")
    throw new TypeError("The answer is no policy: it has no version.");
  const ttl = given.ttl_seconds;
  return {
    version,
    ttlMs: (typeof ttl === "number" && ttl >= 1 ? ttl : 5) * 1000,
    degraded: given.degraded === true,
    failMode: given.fail_mode === "closed" ? "closed" : "open",
    switches: listOf(given.kill_switches).map(readSwitch),
    budgets: listOf(given.budgets).map(readBudget),
    notAsked: POLICY_TAGS.filter((tag) => namesOf(given.not_asked).includes(tag)),
    requiredTags: namesOf(given.required_tags),
  };
}

function readSwitch(given: Json): KillSwitch {
  const until = textOf(given.until);
  const untilMs = until === null ? Number.NaN : Date.parse(until);
  return {
    scope: textOf(given.scope) ?? "",
    value: textOf(given.value),
    reason: textOf(given.reason) ?? "",
    engaged_by: textOf(given.engaged_by),
    engaged_at: textOf(given.engaged_at),
    until,
    untilMs: Number.isNaN(untilMs) ? null : untilMs,
  };
}

function readBudget(given: Json): PolicyBudget {
  const resetsAt = textOf(given.resets_at);
  const limits = objectOf(given.limits ?? {});
  const usd = textOf(limits.usd);
  return {
    // The server's own words, of which only those below are read by us.
    ...(given as unknown as PolicyBudget),
    key: `${given.id} ${given.value ?? ""}`,
    acts: given.acts !== false,
    thresholds: listOf(given.thresholds) as PolicyBudget["thresholds"],
    resetsAtMs: resetsAt === null ? null : Date.parse(resetsAt),
    limits: {
      ...(limits as unknown as PolicyBudget["limits"]),
      usd: usd === null ? null : parseUsd(usd),
    },
    spent: readAmounts(given.spent),
    reserved: readAmounts(given.reserved),
  };
}

function readAmounts(given: unknown): Amounts | null {
  if (typeof given !== "object" || given === null) return null;
  const amounts = given as Json;
  const count = (name: string): number => {
    const value = amounts[name];
    return typeof value === "number" ? value : 0;
  };
  return {
    usd: parseUsd(textOf(amounts.usd) ?? "0") ?? 0n,
    tokens: count("tokens"),
    calls: count("calls"),
    tool_calls: count("tool_calls"),
    seconds: count("seconds"),
  };
}

function objectOf(value: unknown): Json {
  if (typeof value !== "object" || value === null) throw new TypeError("The answer is no policy.");
  return value as Json;
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
