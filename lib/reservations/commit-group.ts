import type { Db } from "@/db/postgres";
import { addToBudgetCounters, lockBudgetCounters } from "@/db/queries/budget-counters";
import { addToRefusals } from "@/db/queries/refusals";
import {
  findReservations,
  insertReservations,
  type NewReservation,
  setThrottleUse,
} from "@/db/queries/reservations";
import type { PolicyHolder } from "@/lib/budgets/policy-holder";
import { formatUsd } from "@/lib/money";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { Wish } from "@/lib/reservations/check-reservation";
import { type CounterBook, createCounterBook } from "@/lib/reservations/counter-book";
import { type Asked, type Decision, decide, listBindings } from "@/lib/reservations/decide";
import type { Hold } from "@/lib/reservations/hold";
import type { Take } from "@/lib/reservations/judge-target";
import type { OutputLearner } from "@/lib/reservations/output-learner";
import type { ReservationAnswer } from "@/lib/reservations/reservation-schema";
import { sumRefusals } from "@/lib/reservations/sum-refusals";
import { toBlockAnswer, toHeldAnswer } from "@/lib/reservations/to-answer";

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

/** `taken`: the id stands for another wish. */
export type Outcome = { kind: "answer"; answer: ReservationAnswer } | { kind: "taken" };

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
  const wanted = entries.filter(({ bodyHash }) => isRetry || bodyHash !== null);
  const keys = entries
    .flatMap((entry) => listBindings({ ...entry, nowMs }, policy))
    .flatMap(({ key }) => (key ? [key] : []));
  const [found, rows] = await Promise.all([
    findReservations(tx, wanted),
    lockBudgetCounters(tx, keys),
  ]);
  const stored = new Map(found.map((row) => [nameOf(row), row]));
  const book = createCounterBook(rows);
  const results = entries.map((entry) => {
    const known = stored.get(nameOf(entry));
    if (known) return { known, entry };
    const asked: Asked = { ...entry, nowMs };
    return { entry, asked, decision: decide(asked, book, { ...deps, policy }) };
  });
  if (mustStop()) throw new Error("nobody waits for these reservations any more");
  const made = results.flatMap((result) => ("known" in result ? [] : [result]));
  const held = await writeGroup(tx, made, book, nowMs);
  return results.map((result): Outcome => {
    if ("known" in result) {
      const { known, entry } = result;
      // Without a hash it is one of ours, which nobody else knows.
      if (entry.bodyHash !== known.bodyHash) return { kind: "taken" };
      return { kind: "answer", answer: toHeldAnswer(known) };
    }
    const row = held.get(result.entry);
    if (row) return { kind: "answer", answer: toHeldAnswer(row) };
    if (result.decision.decision !== "block") throw new Error("a decision was not stored");
    return { kind: "answer", answer: toBlockAnswer(result.decision) };
  });
}

type Made = { entry: Entry; asked: Asked; decision: Decision };

async function writeGroup(
  tx: Db,
  made: readonly Made[],
  book: CounterBook,
  nowMs: number,
): Promise<Map<Entry, NewReservation>> {
  const held = new Map<Entry, NewReservation>();
  const takes: Take[] = [];
  const refused: Parameters<typeof sumRefusals>[0][number][] = [];
  for (const { entry, asked, decision } of made) {
    if (decision.decision === "block") {
      refused.push({ asked, block: decision });
      continue;
    }
    held.set(entry, toRow(entry, decision, nowMs));
    takes.push(...decision.takes);
  }
  const uses = [...book.all()].flatMap(({ key, isThrottleMoved, throttleMinute, throttleCalls }) =>
    isThrottleMoved ? [{ ...key, minute: throttleMinute, calls: throttleCalls }] : [],
  );
  const rows = [...held.values()];
  // Sent together; only reservations and refusals are locked here, in this order in every process.
  await Promise.all([
    addToBudgetCounters(tx, takes.map(toMove)),
    setThrottleUse(tx, uses),
    insertReservations(tx, rows).then((count) => {
      if (count < rows.length) throw new IdTakenMeanwhile("an id was taken meanwhile");
      return addToRefusals(tx, sumRefusals(refused));
    }),
  ]);
  return held;
}

function toMove({ binding, amounts }: Take) {
  return {
    ...binding.key,
    reservedUsd: formatUsd(amounts.usd),
    reservedTokens: amounts.tokens.toString(),
    reservedCalls: amounts.calls.toString(),
    reservedToolCalls: amounts.toolCalls.toString(),
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
): NewReservation {
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
