import { randomUUID } from "node:crypto";
import type { ClickHouse } from "@/db/clickhouse/client";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import type { Postgres } from "@/db/postgres";
import { listBudgetsToBuild } from "@/db/queries/budget-generations";
import { insertCorrection, listOpenCorrectionIds } from "@/db/queries/corrections";
import { insertProject } from "@/db/queries/projects";
import { createBudgetCounting } from "@/ingest/counters/count-budgets";
import { toSpoolLines } from "@/ingest/testing/budget-rows";
import { cutLast, expectCut } from "@/ingest/testing/cut-transaction";
import {
  type BudgetKind,
  type Call,
  expectCounters,
  KINDS,
  periodOf,
  type Reserved,
  type WorldCall,
} from "@/ingest/testing/expect-counters";
import { beginGeneration, finishGeneration } from "@/lib/budgets/build-counters";
import { createPolicyHolder } from "@/lib/budgets/policy-holder";
import type { CorrectionContext } from "@/lib/corrections/correction-context";
import { runCorrection } from "@/lib/corrections/run-correction";
import { withFault } from "@/lib/corrections/testing/open-test-corrections";
import { formatUsd } from "@/lib/money";
import { createPriceBook } from "@/lib/prices/price-book";
import { countersOf, makeBudget, makeHold, makeReservation } from "@/lib/testing/test-budgets";

/** What a token costs after a reprice: three dollars a million. */
const REPRICED_FEMTO_USD = 3n * 10n ** 9n;
const BOOK = createPriceBook({
  overrides: [{ id: "o", provider: "vllm", model: "m", input_per_mtok: "3", output_per_mtok: "3" }],
});
const START = Date.UTC(2026, 10, 21, 6);
const DAY_MS = 86_400_000;
/** Further than a server's margin, so that a generation's instant lies between two arrivals. */
const STEP_US = 3_000_000;

/**
 * Everything that moves budgets, step by step and in any order: events that are accepted, counted and written each at
 * their own pace, reservations, corrections that are cut short, generations. What should come of it is kept beside it,
 * one call at a time, without any of the code that counts.
 */
export class BudgetWorld {
  readonly #stores: { clickhouse: ClickHouse; postgres: Postgres };
  readonly #corrections: CorrectionContext;
  readonly #calls: Call[] = [];
  readonly #reservations: Reserved[] = [];
  readonly #budgets: { id: string; kind: BudgetKind }[] = [];
  readonly #policy = createPolicyHolder();
  #clockUs = START * 1000;
  #counted = 0;
  #written = 0;
  projectId = "";

  constructor(
    stores: { clickhouse: ClickHouse; postgres: Postgres },
    corrections: CorrectionContext,
  ) {
    this.#stores = stores;
    this.#corrections = { ...corrections, prices: { priceCall: BOOK.priceCall.bind(BOOK) } };
  }

  async open(): Promise<void> {
    const slug = `p-${randomUUID()}`;
    const row = await insertProject(this.#stores.postgres.db, { slug, name: slug });
    this.projectId = row?.id ?? "";
  }

  accept(call: WorldCall): void {
    this.#clockUs += STEP_US;
    const named = call.reservation === null ? null : this.#reservations.at(call.reservation);
    this.#calls.push({
      ...call,
      id: randomUUID(),
      arrivedUs: this.#clockUs,
      reservationId: named?.id ?? null,
      isVoid: false,
      received: { user: call.user, session: call.session, cost: call.cost },
      shifted: new Map(),
    });
  }

  /** The counters reader takes a block; with a server another process had the same events. */
  async count(most: number): Promise<void> {
    const { postgres } = this.#stores;
    const block = this.#calls.slice(this.#counted, this.#counted + most);
    this.#counted += block.length;
    for (const call of block) this.#settle(call);
    const { log } = this.#corrections;
    const counting = createBudgetCounting({ policy: this.#policy, postgres, log });
    for (let time = 0; time < (postgres.kind === "server" ? 2 : 1); time++) {
      const write = counting(toSpoolLines(block.map((call) => this.#rowOf(call))), 1);
      await postgres.db.transaction((tx) => write(tx, "together"));
    }
  }

  /** The calls reader takes a block, twice: a block may be inserted again. */
  async write(most: number): Promise<void> {
    const block = this.#calls.slice(this.#written, this.#written + most);
    this.#written += block.length;
    if (block.length === 0) return;
    const rows = block.map((call) => makeCallRow(this.#rowOf(call)));
    for (let time = 0; time < 2; time++) {
      await this.#stores.clickhouse.insertLines("llm_calls", toLines(rows));
    }
  }

  async addBudget(kind: number): Promise<void> {
    const chosen = KINDS[kind];
    if (!chosen || this.#budgets.some((one) => one.kind === chosen)) return;
    const { scope, value, window } = chosen;
    const { id } = await makeBudget(this.#stores.postgres.db, {
      projectId: this.projectId,
      generation: 0,
      scope,
      value,
      window,
      unpriced: "rate",
      unpricedUsdPerMtok: "0.000000007",
    });
    this.#budgets.push({ id, kind: chosen });
  }

  /** A budget's counters are built anew. */
  async rebuild(index: number): Promise<void> {
    const budget = this.#budgets[index];
    if (budget) await beginGeneration(this.#building(), budget.id);
  }

  /** What is to be built is begun; what is begun and in the calls is finished, or cut before its last step. */
  async build(isCut: boolean): Promise<void> {
    const { postgres } = this.#stores;
    const context = this.#building();
    for (const row of await listBudgetsToBuild(postgres.db)) {
      if (row.nextGeneration === null) await beginGeneration(context, row.id);
      else if (this.#isFresh(row.nextAfterUs ?? 0)) {
        if (isCut)
          await expectCut(finishGeneration({ ...context, postgres: cutLast(postgres) }, row));
        else await finishGeneration(context, row);
      }
    }
  }

  /** Takes a day's headroom for an agent from every budget that decides. */
  async reserve(agent: string): Promise<void> {
    const { db } = this.#stores.postgres;
    const { budgets } = await db.transaction((tx) => this.#policy.hold(tx));
    const call = { agent, user: "u", session: "s", day: 0 } as Call;
    const holds = this.#budgets.flatMap(({ id, kind }) => {
      const value = kind.by(call);
      const generation = budgets.find((budget) => budget.id === id)?.generation ?? 0;
      if (value === null || generation === 0) return [];
      return [{ generation, hold: makeHold(id, { value, period: periodOf(kind, call, 0) }) }];
    });
    const id = await makeReservation(
      db,
      this.projectId,
      holds.map(({ hold }) => hold),
      { createdAt: new Date(START), holds: holds.map(({ hold }) => hold) },
      new Map(holds.map(({ hold, generation }) => [hold.budget_id, generation])),
    );
    this.#reservations.push({
      id,
      agent,
      holds: holds.map(({ hold }) => hold.budget_id),
      isUsed: false,
    });
  }

  /** Voids, restores, reprices or erases what is in the calls; a cut one is left between its rows and its counters. */
  async correct(
    kind: "void" | "restore" | "reprice" | "erase",
    index: number,
    isCut: boolean,
  ): Promise<void> {
    const call = this.#calls.slice(0, this.#written).at(index % Math.max(1, this.#written));
    if (!call) return;
    const { db } = this.#stores.postgres;
    const filters =
      kind === "erase"
        ? [{ dimension: "user", values: [call.user] }]
        : [{ dimension: "id", values: [call.id] }];
    // Nobody is called so, or not any more.
    if (kind === "erase" && (call.user === "" || call.user === "(erased)")) return;
    const { id } = await insertCorrection(db, {
      kind,
      projectIds: [this.projectId],
      fromUs: (START - DAY_MS) * 1000,
      toUs: (START + 3 * DAY_MS) * 1000,
      filters,
      reason: "a test",
      authorType: "system",
      authorId: "test",
      authorName: "A test",
    });
    const written = this.#calls.slice(0, this.#written);
    if (kind === "erase") {
      for (const one of written.filter(({ user }) => user === call.user)) {
        one.user = "(erased)";
        one.session = one.session && "(erased)";
      }
    } else if (kind === "reprice") call.cost = BigInt(call.tokens) * REPRICED_FEMTO_USD;
    else call.isVoid = kind === "void";
    const run = (context: CorrectionContext) => runCorrection(context, id);
    if (!isCut) return run(this.#corrections);
    let hasCut = false;
    const faulty = withFault(this.#corrections, (step, when) => {
      const isHere = !hasCut && step === "transaction" && when === "before";
      hasCut ||= isHere;
      return isHere;
    });
    await run(faulty).catch((error: unknown) => {
      if (!hasCut) throw error;
    });
  }

  /** Corrections that were cut short go on. */
  async goOn(): Promise<void> {
    for (const id of await listOpenCorrectionIds(this.#stores.postgres.db)) {
      await runCorrection(this.#corrections, id);
    }
  }

  /** Everything comes to rest. */
  async settle(): Promise<void> {
    await this.count(1_000);
    await this.write(1_000);
    await this.goOn();
    for (let round = 0; round < 2; round++) await this.build(false);
  }

  /** What the counters say, and what they should. */
  async compare(): Promise<{ counted: unknown; expected: unknown }[]> {
    const { db } = this.#stores.postgres;
    const { budgets } = await db.transaction((tx) => this.#policy.hold(tx));
    const compared: { counted: unknown; expected: unknown }[] = [];
    for (const { id, kind } of this.#budgets) {
      const generation = budgets.find((budget) => budget.id === id)?.generation ?? 0;
      const counted = (await countersOf(db, id, generation)).map(
        ({ value, period, spentUsd, spentTokens, spentCalls, reservedUsd }) => {
          return { value, period, spentUsd, spentTokens, spentCalls, reservedUsd };
        },
      );
      compared.push({
        counted: counted.filter(
          ({ spentCalls, reservedUsd }) => spentCalls !== undefined || reservedUsd !== undefined,
        ),
        expected: expectCounters({ id, kind }, this.#calls, this.#reservations),
      });
    }
    return compared;
  }

  /** What the counting of an event does to its reservation. */
  #settle(call: Call): void {
    const reservation = this.#reservations.find(({ id }) => id === call.reservationId);
    if (!reservation || reservation.isUsed) return;
    reservation.isUsed = true;
    if (call.day !== 0) for (const { id } of this.#budgets) call.shifted.set(id, 0);
  }

  #isFresh(afterUs: number): boolean {
    const isIn = (position: number) =>
      this.#calls.slice(position).every(({ arrivedUs }) => arrivedUs > afterUs);
    this.#clockUs = Math.max(this.#clockUs, afterUs);
    return isIn(this.#counted) && isIn(this.#written);
  }

  #building() {
    return {
      ...this.#stores,
      lastArrivalUs: () => this.#clockUs,
      now: () => Math.floor(this.#clockUs / 1000),
    };
  }

  #rowOf(call: Call) {
    // As it was received: a correction changes no spool.
    const { agent, day, id, arrivedUs, tokens } = call;
    const { cost, ...names } = call.received;
    return {
      project_id: this.projectId,
      id,
      atMs: START + day * DAY_MS,
      ingestedAtUs: arrivedUs,
      agent,
      ...names,
      cost_usd: cost === null ? null : formatUsd(cost),
      input_tokens: tokens,
      output_tokens: 0,
      provider: "vllm",
      model: "m",
      usage: JSON.stringify({ input_tokens: tokens }),
      reservation_id: call.reservationId ?? "",
    };
  }
}
