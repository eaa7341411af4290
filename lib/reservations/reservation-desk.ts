import { randomUUID } from "node:crypto";
import { isStoreAway } from "@/db/is-store-away";
import type { Db } from "@/db/postgres";
import { OutlayError } from "@/lib/errors";
import type { Log } from "@/lib/log";
import { answerDegraded } from "@/lib/reservations/answer-degraded";
import type { Wish } from "@/lib/reservations/check-reservation";
import {
  commitAsKept,
  commitLocked,
  type GroupDeps,
  IdTakenMeanwhile,
  type Outcome,
} from "@/lib/reservations/commit-group";
import type { Entry } from "@/lib/reservations/decide-group";
import { hashWish } from "@/lib/reservations/hash-wish";
import { createKeptCounters } from "@/lib/reservations/kept-counters";
import { releaseReservation } from "@/lib/reservations/release-reservation";
import type { ReservationAnswer } from "@/lib/reservations/reservation-schema";
import { withinDeadline } from "@/lib/reservations/within-deadline";

/** Who asks. */
export interface Asker {
  projectId: string;
  apiKeyId: string | null;
}

/** Decides wishes: all that arrive while a transaction runs are taken together by the next one. */
export interface ReservationDesk {
  /**
   * Takes headroom on every budget that binds the call, or on none. Answers within seconds, also while PostgreSQL is away.
   * @throws OutlayError `conflict` for an id that stands for another wish; `unavailable` with more waiting than can be served
   */
  reserve(asker: Asker, wish: Wish): Promise<ReservationAnswer>;
  /** Resolves when nobody waits any more. */
  close(): Promise<void>;
}

/** Wishes of one transaction: enough that its cost is shared, few enough that nobody waits long for the others. */
const MAX_GROUP = 200;
const MAX_QUEUE = 5_000;
/** From the beginning of a transaction to an answer without it. */
const DEADLINE_MS = 1_500;
/** How long PostgreSQL is not asked again after it was away: those who wait would all wait for the deadline. */
const AWAY_MS = 500;
const MAX_TRIES = 5;
/** Transactions that nobody waits for any more, and that have not ended: more would use up the connections. */
const MAX_STUCK = 2;
/** After so many in a row, one in 32 groups tries whether counters are as they were kept. */
const MAX_MISSES = 5;
const RETRY = new Set(["40001", "40P01"]);

interface Waiting extends Entry {
  resolve: (answer: ReservationAnswer) => void;
  reject: (error: unknown) => void;
}

/** Opens a desk. */
export function openReservationDesk(
  options: Omit<GroupDeps, "now" | "kept"> & {
    db: Db;
    log: Log;
    now?: () => number;
    maxGroup?: number;
    maxQueue?: number;
    deadlineMs?: number;
  },
): ReservationDesk {
  return new Desk(options);
}

class Desk implements ReservationDesk {
  readonly #options: Parameters<typeof openReservationDesk>[0];
  readonly #deps: GroupDeps;
  #queue: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #awayUntilMs = 0;
  #stuck = 0;
  #misses = 0;
  #groupsToPass = 0;
  /** Ids of ours that may be held though nobody was told them. */
  #orphans: Entry[] = [];

  constructor(options: Parameters<typeof openReservationDesk>[0]) {
    this.#options = options;
    this.#deps = { now: Date.now, ...options, kept: createKeptCounters() };
  }

  async reserve(asker: Asker, wish: Wish): Promise<ReservationAnswer> {
    const bodyHash = wish.id === null ? null : hashWish(wish);
    const entry = { ...asker, wish, id: wish.id ?? randomUUID(), bodyHash };
    if (performance.now() < this.#awayUntilMs) return this.#answerDegraded(entry);
    if (this.#queue.length >= (this.#options.maxQueue ?? MAX_QUEUE)) {
      throw new OutlayError("unavailable", "More reservations wait than can be served just now.", {
        retryAfterSeconds: 1,
      });
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...entry, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  async close(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async #drain(): Promise<void> {
    // Whatever arrived in the same turn of the loop goes together.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      await this.#serve(group).catch((error: unknown) => {
        for (const waiting of group) waiting.reject(error);
      });
    }
    this.#draining = null;
  }

  /** The first ones, each id once: a repetition waits for what comes of the first. */
  #takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    const names = new Set<string>();
    const maxGroup = this.#options.maxGroup ?? MAX_GROUP;
    for (const [at, waiting] of this.#queue.entries()) {
      if (group.length >= maxGroup) {
        rest.push(...this.#queue.slice(at));
        break;
      }
      const name = `${waiting.projectId} ${waiting.id}`;
      (names.has(name) ? rest : group).push(waiting);
      names.add(name);
    }
    this.#queue = rest;
    return group;
  }

  /** Answers everyone of a group, whatever happens. */
  async #serve(group: readonly Waiting[]): Promise<void> {
    if (performance.now() < this.#awayUntilMs) {
      this.#answerAllDegraded(group);
      return;
    }
    let isLate = false;
    const work = this.#commit(group, () => isLate);
    try {
      const outcomes = await withinDeadline(work, this.#options.deadlineMs ?? DEADLINE_MS);
      group.forEach((waiting, at) => {
        settle(waiting, outcomes[at]);
      });
      if (this.#orphans.length > 0) void this.#releaseOrphans();
    } catch (error) {
      isLate = true;
      this.#watchLate(work);
      if (error instanceof Error && isAway(error)) {
        this.#goAway(group, error);
        return;
      }
      await this.#serveApart(group, error);
    }
  }

  /** One wish that cannot be stored must not fail those that came with it. */
  async #serveApart(group: readonly Waiting[], error: unknown): Promise<void> {
    const [only] = group;
    if (group.length > 1) {
      for (const waiting of group) await this.#serve([waiting]);
      return;
    }
    only?.reject(error);
  }

  async #commit(group: readonly Waiting[], mustStop: () => boolean): Promise<Outcome[]> {
    for (let tries = 1; ; tries++) {
      try {
        const how = { isRetry: tries > 1, mustStop };
        const quickly = how.isRetry ? null : await this.#commitAsKept(group, how);
        return quickly ?? (await commitLocked(this.#options.db, group, how, this.#deps));
      } catch (error) {
        if (!(error instanceof IdTakenMeanwhile)) this.#deps.kept.forgetAll();
        // Also where only the commit's answer was lost: what it stored is found by its ids.
        if (tries >= MAX_TRIES || mustStop() || !isWorthRetrying(error, tries)) throw error;
      }
    }
  }

  /** Where others move the same counters all the time, asking would be in vain: it is tried less and less often. */
  async #commitAsKept(
    group: readonly Waiting[],
    how: { mustStop: () => boolean },
  ): Promise<Outcome[] | null> {
    if (this.#groupsToPass > 0) {
      this.#groupsToPass--;
      return null;
    }
    const outcomes = await commitAsKept(this.#options.db, group, how, this.#deps);
    if (outcomes === "unknown") return null;
    if (outcomes === "changed") {
      this.#groupsToPass = 2 ** this.#misses - 1;
      this.#misses = Math.min(this.#misses + 1, MAX_MISSES);
      return null;
    }
    this.#misses = 0;
    return outcomes;
  }

  #watchLate(work: Promise<unknown>): void {
    this.#stuck++;
    const end = (): void => {
      this.#stuck--;
    };
    work.then(end, end);
  }

  #goAway(group: readonly Waiting[], error: Error): void {
    this.#options.log.warn({ err: error }, "budgets are out of reach; reservations degrade");
    // With transactions that do not end, asking again would only take more connections.
    const waitMs = this.#stuck > MAX_STUCK ? 10 * AWAY_MS : AWAY_MS;
    this.#awayUntilMs = performance.now() + waitMs;
    // They may have been stored all the same. An id of the caller's will come again; ours is known to nobody.
    const ours = group.filter(({ bodyHash }) => bodyHash === null);
    if (this.#orphans.length < MAX_QUEUE) this.#orphans.push(...ours);
    this.#answerAllDegraded([...group, ...this.#queue.splice(0)]);
  }

  async #releaseOrphans(): Promise<void> {
    const orphans = this.#orphans.splice(0);
    for (const [at, { projectId, id }] of orphans.entries()) {
      try {
        await releaseReservation({ projectId, id }, this.#options);
      } catch (error) {
        if (error instanceof Error && isAway(error)) {
          this.#orphans.push(...orphans.slice(at));
          return;
        }
        // Not there: it was never stored.
      }
    }
  }

  #answerAllDegraded(group: readonly Waiting[]): void {
    for (const waiting of group) waiting.resolve(this.#answerDegraded(waiting));
  }

  #answerDegraded({ projectId, wish }: Entry): ReservationAnswer {
    return answerDegraded(
      { projectId, wish, nowMs: this.#deps.now() },
      this.#options.policies.last(),
    );
  }
}

function settle(waiting: Waiting, outcome: Outcome | undefined): void {
  if (outcome?.kind === "answer") {
    waiting.resolve(outcome.answer);
    return;
  }
  if (outcome?.kind === "ended") {
    const detail = `This reservation is ${outcome.state}: it holds nothing any more. Ask with a new id.`;
    const errors = [{ path: "id", message: `is of a reservation that is ${outcome.state}` }];
    waiting.reject(new OutlayError("conflict", detail, { errors }));
    return;
  }
  const message = "stands for another reservation";
  const detail =
    "This id was used for another reservation. Send what was sent with it, or a new id.";
  waiting.reject(new OutlayError("conflict", detail, { errors: [{ path: "id", message }] }));
}

function isAway(error: Error): boolean {
  return error.name === "DeadlineError" || isStoreAway(error);
}

function isWorthRetrying(error: unknown, tries: number): boolean {
  if (error instanceof IdTakenMeanwhile) return true;
  // Once: a lost connection is mostly an outage, for which there is an answer.
  if (isStoreAway(error)) return tries === 1;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && RETRY.has(String(cause.code))) return true;
  }
  return false;
}
