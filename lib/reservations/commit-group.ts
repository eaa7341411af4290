import type { Db } from "@/db/postgres";
import { type CounterKey, lockBudgetCounters } from "@/db/queries/budget-counters";
import { addToRefusals } from "@/db/queries/refusals";
import {
  findReservations,
  type NewReservation,
  type StoredReservation,
  storeReservations,
} from "@/db/queries/reservations";
import type { Policy, PolicyHolder } from "@/lib/budgets/policy-holder";
import { formatUsd } from "@/lib/money";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { Wish } from "@/lib/reservations/check-reservation";
import { type Counter, type CounterBook, createCounterBook } from "@/lib/reservations/counter-book";
import {
  type Asked,
  type Bindings,
  type Decision,
  decide,
  findAllBindings,
  findStops,
  toReason,
} from "@/lib/reservations/decide";
import type { Hold } from "@/lib/reservations/hold";
import { type Binding, explainLock, type Fault, type Take } from "@/lib/reservations/judge-target";
import type { OutputLearner } from "@/lib/reservations/output-learner";
import type { Reason, ReservationAnswer } from "@/lib/reservations/reservation-schema";
import { sumRefusals } from "@/lib/reservations/sum-refusals";
import { toBlockAnswer, toHeldAnswer, toStoredAnswer } from "@/lib/reservations/to-answer";

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

/** `taken`: the id stands for another wish; `ended`: for one that holds nothing any more. */
export type Outcome =
  | { kind: "answer"; answer: ReservationAnswer }
  | { kind: "taken" }
  | { kind: "ended"; state: string };

export interface GroupDeps {
  policies: PolicyHolder;
  prices: PriceBookHolder;
  learner: OutputLearner;
  now: () => number;
}

/** Somebody else stored one of the ids after it was looked for: the group is decided anew. */
export class IdTakenMeanwhile extends Error {}

/**
 * Decides wishes one after another in one transaction, and stores what came of them.
 * @param entries of different ids
 * @param isRetry an earlier try may have been stored without our hearing of it
 * @param mustStop asked before anything is written: nobody waits for the answers any more
 * @returns an outcome for each entry, in their order
 */
export async function commitGroup(
  tx: Db,
  entries: readonly Entry[],
  { isRetry, mustStop }: { isRetry: boolean; mustStop: () => boolean },
  deps: GroupDeps,
): Promise<Outcome[]> {
  const policy = await deps.policies.hold(tx);
  const nowMs = deps.now();
  const asked = entries.map((entry) => ({ projectId: entry.projectId, wish: entry.wish, nowMs }));
  const bindings = asked.map((each) => findAllBindings(each, policy));
  const [found, rows] = await Promise.all([
    findReservations(
      tx,
      entries.filter(({ bodyHash }) => isRetry || bodyHash !== null),
    ),
    lockBudgetCounters(tx, keysOf(bindings)),
  ]);
  const stored = new Map(found.map((row) => [nameOf(row), row]));
  const book = createCounterBook(rows);
  const results = entries.map((entry, at) => {
    const known = stored.size > 0 ? stored.get(nameOf(entry)) : undefined;
    if (known) return { known, entry, bindings: bindings[at] ?? new Map<string, Binding[]>() };
    const each = asked[at] ?? { ...entry, nowMs };
    const decision = decide(each, bindings[at] ?? new Map(), book, { ...deps, policy });
    return { entry, asked: each, decision };
  });
  if (mustStop()) throw new Error("nobody waits for these reservations any more");
  const made = results.flatMap((result) => ("known" in result ? [] : [result]));
  const held = await writeGroup(tx, made, book, nowMs);
  return results.map((result): Outcome => {
    if (result.known) {
      const own = result.bindings.get(result.entry.wish.tags.model) ?? [];
      const locks = own.flatMap((binding) => {
        const counter = binding.key && book.get(binding.name);
        return (counter && explainLock(binding, counter, nowMs)) ?? [];
      });
      return repeat(result.known, result.entry, nowMs, policy, locks);
    }
    const row = held.get(result.entry);
    if (row) return { kind: "answer", answer: toHeldAnswer(row) };
    if (result.decision.decision !== "block") throw new Error("a decision was not stored");
    return { kind: "answer", answer: toBlockAnswer(result.decision) };
  });
}

/**
 * What a wish is told that was let through before: the same, while it holds. One that has ended holds nothing, so that
 * its `allow` would be a call that nothing covers; and a switch or a lock since then stops also who asks again.
 */
function repeat(
  known: StoredReservation,
  entry: Entry,
  nowMs: number,
  policy: Policy,
  locks: readonly Fault[],
): Outcome {
  // Without a hash it is one of ours, which nobody else knows.
  if (entry.bodyHash !== known.bodyHash) return { kind: "taken" };
  if (known.state !== "held") return { kind: "ended", state: known.state };
  const { projectId, wish } = entry;
  const stops = [...findStops({ projectId, wish, nowMs }, wish.tags.model, policy), ...locks];
  if (stops.length === 0) return { kind: "answer", answer: toStoredAnswer(known) };
  const reasons = stops.map(toReason);
  return { kind: "answer", answer: toBlockAnswer({ reasons, retryAfterMs: null }) };
}

type HeldRow = NewReservation & { reasons: Reason[] };
type Made = { entry: Entry; asked: Asked; decision: Decision };

async function writeGroup(
  tx: Db,
  made: readonly Made[],
  book: CounterBook,
  nowMs: number,
): Promise<Map<Entry, HeldRow>> {
  const held = new Map<Entry, HeldRow>();
  const refused: Parameters<typeof sumRefusals>[0][number][] = [];
  for (const { entry, asked, decision } of made) {
    if (decision.decision === "block") refused.push({ asked, block: decision });
    else held.set(entry, toRow(entry, decision, nowMs));
  }
  const rows = [...held.values()];
  const takes = [...book.all()].filter(({ isTouched }) => isTouched).map(toTake);
  const count = await storeReservations(tx, takes, rows);
  if (count < rows.length) throw new IdTakenMeanwhile("an id was taken meanwhile");
  // After the reservations, in every process: what both lock is locked in one order.
  await addToRefusals(tx, sumRefusals(refused));
  return held;
}

/** Each counter once. */
function keysOf(bindings: readonly Bindings[]): CounterKey[] {
  const keys = new Map<string, CounterKey>();
  for (const byModel of bindings) {
    for (const own of byModel.values()) {
      for (const { key, name } of own) if (key) keys.set(name, key);
    }
  }
  return [...keys.values()];
}

function toTake({ key, taken, throttleMinute, throttleCalls }: Counter) {
  return {
    ...key,
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

function nameOf({ projectId, id }: Pick<Entry, "projectId" | "id">): string {
  return `${projectId} ${id}`;
}
