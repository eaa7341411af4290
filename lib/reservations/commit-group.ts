import type { Db } from "@/db/postgres";
import { lockBudgetCounters } from "@/db/queries/budget-counters";
import { commitHolds, isIdStored } from "@/db/queries/commit-holds";
import {
  findReservations,
  type ReservationKey,
  type StoredReservation,
} from "@/db/queries/reservations";
import type { Policy, PolicyHolder } from "@/lib/budgets/policy-holder";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import { toCounter } from "@/lib/reservations/counter-book";
import { findStops, toReason } from "@/lib/reservations/decide";
import {
  type DecidedGroup,
  decideGroup,
  type Entry,
  locksOf,
  openGroup,
} from "@/lib/reservations/decide-group";
import type { Fault } from "@/lib/reservations/judge-target";
import type { KeptCounters } from "@/lib/reservations/kept-counters";
import type { OutputLearner } from "@/lib/reservations/output-learner";
import type { ReservationAnswer } from "@/lib/reservations/reservation-schema";
import { toBlockAnswer, toHeldAnswer, toStoredAnswer } from "@/lib/reservations/to-answer";

/** `taken`: the id stands for another wish; `ended`: for one that holds nothing any more. */
export type Outcome =
  | { kind: "answer"; answer: ReservationAnswer }
  | { kind: "taken" }
  | { kind: "ended"; state: string };

export interface GroupDeps {
  policies: PolicyHolder;
  prices: PriceBookHolder;
  learner: OutputLearner;
  kept: KeptCounters;
  now: () => number;
}

interface How {
  /** An earlier try may have been stored without our hearing of it. */
  isRetry: boolean;
  /** Asked before anything is written: nobody waits for the answers any more. */
  mustStop: () => boolean;
}

/** Somebody else stored one of the ids after it was looked for: the group is decided anew. */
export class IdTakenMeanwhile extends Error {}

/**
 * Decides wishes one after another by the policy and the counters as the last groups left them, and stores what came of
 * them in one call. It writes nothing unless all is still so under its locks; so it is decided as under locks.
 * @param entries of different ids, none of them tried before
 * @returns an outcome for each entry, in their order. Otherwise nothing was written and locks must come first: `unknown`
 * where it was not tried, `changed` where it was in vain
 */
export async function commitAsKept(
  db: Db,
  entries: readonly Entry[],
  { mustStop }: Pick<How, "mustStop">,
  deps: GroupDeps,
): Promise<Outcome[] | "unknown" | "changed"> {
  const policy = deps.policies.last();
  if (policy === null) return "unknown";
  const group = openGroup(entries, policy, deps.now());
  const counters = deps.kept.takeOut(group.counters.keys());
  if (counters === null) return "unknown";
  const decided = decideGroup(group, counters, deps);
  // It may have been let through before under its id: then that is its answer. Others are told by the id as they are stored.
  for (const entry of decided.blocks.keys()) if (entry.bodyHash !== null) return "unknown";
  // In a transaction, so that it is asked whether anybody still waits only when a connection is there: who was told that
  // budgets are out of reach must not hold any.
  const rowVersion = await db.transaction((tx) => write(tx, decided, mustStop));
  if (rowVersion === null) return "changed";
  deps.kept.putBack(decided.counters, rowVersion);
  return entries.map((entry) => outcomeOf(decided, entry));
}

/**
 * Decides wishes one after another in one transaction that holds the policy and their counters, and stores what came of
 * them.
 * @param entries of different ids
 * @returns an outcome for each entry, in their order
 */
export async function commitLocked(
  db: Db,
  entries: readonly Entry[],
  { isRetry, mustStop }: How,
  deps: GroupDeps,
): Promise<Outcome[]> {
  const { outcomes, decided, rowVersion } = await db.transaction(async (tx) => {
    const policy = await deps.policies.hold(tx);
    const group = openGroup(entries, policy, deps.now());
    const asked = entries.filter(({ bodyHash }) => isRetry || bodyHash !== null);
    const [found, rows] = await Promise.all([
      findReservations(tx, asked),
      lockBudgetCounters(tx, [...group.counters.values()]),
    ]);
    const stored = new Map(found.map((row) => [nameOf(row), row]));
    const decided = decideGroup(group, rows.map(toCounter), deps, (entry) =>
      stored.has(nameOf(entry)),
    );
    const rowVersion = await write(tx, decided, mustStop);
    if (rowVersion === null) throw new Error("the policy or a counter changed under a lock");
    const outcomes = entries.map((entry) => {
      const known = stored.get(nameOf(entry));
      if (!known) return outcomeOf(decided, entry);
      return repeat(known, entry, group.nowMs, policy, locksOf(group, entry, decided.counters));
    });
    return { outcomes, decided, rowVersion };
  });
  // Only now is it certain.
  deps.kept.putBack(decided.counters, rowVersion);
  return outcomes;
}

/** @returns what `commitHolds` does. @throws IdTakenMeanwhile */
async function write(
  db: Db,
  { writes }: DecidedGroup,
  mustStop: () => boolean,
): Promise<string | null> {
  if (mustStop()) throw new Error("nobody waits for these reservations any more");
  try {
    return await commitHolds(db, writes);
  } catch (error) {
    if (!isIdStored(error)) throw error;
    throw new IdTakenMeanwhile("an id was taken meanwhile", { cause: error });
  }
}

function outcomeOf({ held, blocks }: DecidedGroup, entry: Entry): Outcome {
  const row = held.get(entry);
  if (row) return { kind: "answer", answer: toHeldAnswer(row) };
  const block = blocks.get(entry);
  if (!block) throw new Error("a wish was not decided");
  return { kind: "answer", answer: toBlockAnswer(block) };
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

function nameOf({ projectId, id }: ReservationKey): string {
  return `${projectId} ${id}`;
}
