import type { CounterKey } from "@/db/queries/budget-counters";
import type { CounterTake, GroupWrites } from "@/db/queries/commit-holds";
import type { NewReservation } from "@/db/queries/reservations";
import type { Policy } from "@/lib/budgets/policy-holder";
import { formatUsd } from "@/lib/money";
import type { Wish } from "@/lib/reservations/check-reservation";
import { type Counter, openCounterBook } from "@/lib/reservations/counter-book";
import {
  type Asked,
  type Bindings,
  type DecideDeps,
  type Decision,
  decide,
  findAllBindings,
} from "@/lib/reservations/decide";
import type { Hold } from "@/lib/reservations/hold";
import { explainLock, type Fault, type Take } from "@/lib/reservations/judge-target";
import type { Reason } from "@/lib/reservations/reservation-schema";
import { sumRefusals } from "@/lib/reservations/sum-refusals";

/** A wish on its way through the desk. */
export interface Entry {
  projectId: string;
  apiKeyId: string | null;
  wish: Wish;
  /** The caller's, or one of ours. */
  id: string;
  /** Of the whole wish, where the id is the caller's. */
  bodyHash: string | null;
}

/** Wishes that are decided together, by one policy and at one instant. */
export interface Group {
  policy: Policy;
  nowMs: number;
  wishes: readonly { entry: Entry; asked: Asked; bindings: Bindings }[];
  /** The counters on which a decision may depend, by their names. */
  counters: ReadonlyMap<string, CounterKey>;
}

type Block = Extract<Decision, { decision: "block" }>;
type HeldRow = NewReservation & { reasons: Reason[] };

/** What became of a group. */
export interface DecidedGroup {
  held: ReadonlyMap<Entry, HeldRow>;
  blocks: ReadonlyMap<Entry, Block>;
  /** As they are once it is written. */
  counters: readonly Counter[];
  writes: GroupWrites;
}

/** Finds what the decisions of a group depend on. */
export function openGroup(entries: readonly Entry[], policy: Policy, nowMs: number): Group {
  const counters = new Map<string, CounterKey>();
  const wishes = entries.map((entry) => {
    const asked = { projectId: entry.projectId, wish: entry.wish, nowMs };
    const bindings = findAllBindings(asked, policy);
    for (const found of bindings.values()) {
      for (const { name, key } of found) if (key) counters.set(name, key);
    }
    return { entry, asked, bindings };
  });
  return { policy, nowMs, wishes, counters };
}

/**
 * Decides the wishes of a group one after another.
 * @param counters all that the group names
 * @param isAnswered wishes that were decided before, and are left out
 */
export function decideGroup(
  { policy, nowMs, wishes }: Group,
  counters: readonly Counter[],
  deps: Omit<DecideDeps, "policy">,
  isAnswered: (entry: Entry) => boolean = () => false,
): DecidedGroup {
  const book = openCounterBook(counters);
  const decideDeps = { ...deps, policy };
  const held = new Map<Entry, HeldRow>();
  const blocks = new Map<Entry, Block>();
  const refused: { asked: Asked; block: Block }[] = [];
  for (const { entry, asked, bindings } of wishes) {
    if (isAnswered(entry)) continue;
    const decision = decide(asked, bindings, book, decideDeps);
    if (decision.decision === "block") {
      blocks.set(entry, decision);
      refused.push({ asked, block: decision });
    } else {
      held.set(entry, toRow(entry, decision, nowMs));
    }
  }
  const writes = {
    policyVersion: policy.version,
    takes: counters.map(toTake),
    made: [...held.values()],
    refused: sumRefusals(refused),
  };
  return { held, blocks, counters, writes };
}

/**
 * The closed counters that stop a wish whatever was decided of it before.
 * @throws RangeError for a wish of another group: nobody knows its locks then, and "none" would let it through
 */
export function locksOf(
  { wishes, nowMs }: Group,
  entry: Entry,
  counters: readonly Counter[],
): Fault[] {
  const book = openCounterBook(counters);
  const wish = wishes.find((one) => one.entry === entry);
  if (!wish) throw new RangeError("a wish that is not of this group");
  return (wish.bindings.get(entry.wish.tags.model) ?? []).flatMap((binding) => {
    const counter = binding.key && book.get(binding.name);
    return (counter && explainLock(binding, counter, nowMs)) ?? [];
  });
}

function toTake({ key, rowVersion, taken, throttleMinute, throttleCalls }: Counter): CounterTake {
  return {
    ...key,
    rowVersion,
    usd: formatUsd(taken.usd),
    tokens: taken.tokens.toString(),
    calls: taken.calls.toString(),
    toolCalls: taken.toolCalls.toString(),
    throttleMinute,
    throttleCalls,
  };
}

function toHold({ binding, amounts }: Take): Hold {
  const { budget, key } = binding;
  return {
    budget_id: budget.id,
    value: key.value,
    period: key.period,
    mode: budget.mode,
    usd: formatUsd(amounts.usd),
    tokens: amounts.tokens.toString(),
    calls: amounts.calls.toString(),
    tool_calls: amounts.toolCalls.toString(),
  };
}

function toRow(
  { projectId, id, apiKeyId, bodyHash, wish }: Entry,
  decision: Exclude<Decision, { decision: "block" }>,
  nowMs: number,
): HeldRow {
  let largest = 0n;
  for (const { amounts } of decision.takes) if (amounts.usd > largest) largest = amounts.usd;
  return {
    projectId,
    id,
    ...wish.tags,
    decision: decision.decision,
    type: wish.type,
    ...decision.target,
    reservedUsd: largest > 0n ? formatUsd(largest) : null,
    holds: decision.takes.map(toHold),
    reasons: decision.reasons,
    apiKeyId,
    bodyHash,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + wish.ttlSeconds * 1000,
  };
}
