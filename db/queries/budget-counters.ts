import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "@/db/postgres";
import { type CounterWatch, IS_REACHED, watchedCounters } from "@/db/queries/counter-watch";
import { rowsOf } from "@/db/rows-of";
import { budgetCounters } from "@/db/schema/budgets";
import { formatUsd, parseUsd } from "@/lib/money";

/** Which counter. */
export interface CounterKey {
  budgetId: string;
  generation: number;
  value: string;
  period: string;
}

/** A counter's figures as PostgreSQL writes them: dollars and whole numbers as decimal text, so that none is rounded. */
export interface CounterFigures {
  spentUsd: string;
  spentTokens: string;
  spentCalls: string;
  spentToolCalls: string;
  spentMs: string;
  unknownCosts: string;
  unreservedUsd: string;
  unreservedEvents: string;
  reservedUsd: string;
  reservedTokens: string;
  reservedCalls: string;
  reservedToolCalls: string;
}

/** What a counter says of being closed; whether it is, depends on its budget: `lockOf`. */
export interface LockFigures {
  lockRevision: number | null;
  lockPercent: number | null;
  /** Milliseconds since 1970; null: it is open. */
  lockedAtMs: number | null;
}

export interface CounterRow extends CounterKey, CounterFigures, LockFigures {
  throttleMinute: number;
  throttleCalls: number;
}

/** A counter that this transaction holds. */
export interface LockedCounter extends CounterRow {
  /** Another after every change, whoever makes it: PostgreSQL's own number of the transaction that wrote the row. */
  rowVersion: string;
}

/** What a counter moves by; what is left out does not move. Negative where something is taken back. */
export type CounterMove = CounterKey & Partial<CounterFigures>;

const FIGURES = [
  "spentUsd",
  "spentTokens",
  "spentCalls",
  "spentToolCalls",
  "spentMs",
  "unknownCosts",
  "unreservedUsd",
  "unreservedEvents",
  "reservedUsd",
  "reservedTokens",
  "reservedCalls",
  "reservedToolCalls",
] as const satisfies readonly (keyof CounterFigures)[];

const columnOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** One counter as `COUNTER_COLUMNS` gives it. */
export const counterRow = z.object({
  budgetId: z.string(),
  generation: z.coerce.number(),
  value: z.string(),
  period: z.string(),
  throttleMinute: z.coerce.number(),
  throttleCalls: z.coerce.number(),
  lockRevision: z.coerce.number().nullable(),
  lockPercent: z.coerce.number().nullable(),
  lockedAtMs: z.coerce.number().nullable(),
  ...(Object.fromEntries(FIGURES.map((name) => [name, z.string()])) as Record<
    (typeof FIGURES)[number],
    z.ZodString
  >),
});

/** As numbers, whatever a driver makes of a time or a numeric. */
const LOCK_COLUMNS = [
  ["lockRevision", "c.lock_revision"],
  ["lockPercent", "c.lock_percent::float8"],
  ["lockedAtMs", "round(extract(epoch from c.locked_at) * 1000)::float8"],
] as const satisfies readonly (readonly [keyof LockFigures, string])[];

/** The columns of a counter `c`. */
export const COUNTER_COLUMNS = sql.raw(
  [
    'c.budget_id as "budgetId"',
    "c.generation",
    "c.value",
    "c.period",
    'c.throttle_minute as "throttleMinute"',
    'c.throttle_calls as "throttleCalls"',
    ...LOCK_COLUMNS.map(([name, column]) => `${column} as "${name}"`),
    ...FIGURES.map((name) => `c.${columnOf(name)}::text as "${name}"`),
  ].join(", "),
);
const KEY = sql.raw("budget_id, generation, value, period");
/** By bytes: the order of locking must not depend on a database's collation. */
const KEY_ORDER = sql.raw('budget_id, generation, value collate "C", period collate "C"');

/**
 * Locks counters until the transaction ends, in the order of their keys, so that two transactions never wait for each
 * other in a circle. Those that are not there yet are made.
 */
export async function lockBudgetCounters(
  tx: Db,
  keys: readonly CounterKey[],
): Promise<LockedCounter[]> {
  if (keys.length === 0) return [];
  const wanted = wantedKeys(keys);
  // One after another by their index, in order: joined, the plan was a scan of all counters, dead rows included. As one
  // text: a driver takes longer for a hundred rows of eighteen columns than PostgreSQL for finding them.
  const select = sql`
    select coalesce(json_agg(json_build_array(${CELLS}, c.row_version::text)), '[]')::text as cells
    from (select * from ${wanted} order by ${KEY_ORDER}) k cross join lateral (
      select c.xmin as row_version, c.* from ${budgetCounters} c
      where c.budget_id = k.budget_id and c.generation = k.generation and c.value = k.value and c.period = k.period
      for update) c`;
  const found = readLocked(rowsOf(await tx.execute(select)));
  const missing = new Set(keys.map(nameOf)).size - found.length;
  if (missing === 0) return found;
  await tx.execute(sql`
    insert into ${budgetCounters} (${KEY}) select ${KEY} from ${wanted}
    order by ${KEY_ORDER} on conflict do nothing`);
  return readLocked(rowsOf(await tx.execute(select)));
}

const KEY_CELLS = ["budgetId", "generation", "value", "period"] as const;
const CELL_NAMES = [
  ...KEY_CELLS,
  "throttleMinute",
  "throttleCalls",
  ...FIGURES,
  ...LOCK_COLUMNS.map(([name]) => name),
] as const;
const CELLS = sql.raw(
  [
    ...[...KEY_CELLS, "throttleMinute", "throttleCalls"].map((name) => `c.${columnOf(name)}`),
    ...FIGURES.map((name) => `c.${columnOf(name)}::text`),
    ...LOCK_COLUMNS.map(([, column]) => column),
  ].join(", "),
);
const cellsRow = z.tuple([z.object({ cells: z.string() })]);
const cell = z.union([z.string(), z.number(), z.null()]);
const cells = z.array(z.array(cell).length(CELL_NAMES.length));
const lockedCells = z.array(z.array(cell).length(CELL_NAMES.length + 1));

function readCells(rows: unknown): CounterRow[] {
  const [{ cells: text }] = cellsRow.parse(rows);
  return cells.parse(JSON.parse(text)).map(toCounterRow);
}

/** As `readCells`, with the row's version behind the cells. */
function readLocked(rows: unknown): LockedCounter[] {
  const [{ cells: text }] = cellsRow.parse(rows);
  return lockedCells.parse(JSON.parse(text)).map((row) => {
    return { ...toCounterRow(row), rowVersion: String(row.at(-1)) };
  });
}

function toCounterRow(row: readonly unknown[]): CounterRow {
  return Object.fromEntries(CELL_NAMES.map((name, at) => [name, row[at]])) as unknown as CounterRow;
}

/** Reads counters as they are. Those that are not there are left out: nothing was spent or held. */
export async function readBudgetCounters(
  db: Db,
  keys: readonly CounterKey[],
): Promise<CounterRow[]> {
  if (keys.length === 0) return [];
  const wanted = wantedKeys(keys);
  const found = await db.execute(
    sql`select ${COUNTER_COLUMNS} from ${budgetCounters} c join ${wanted} using (${KEY})`,
  );
  return counterRow.array().parse(rowsOf(found));
}

/** Every counter of a budget's generation: one a value and period that something was spent or held in. */
export async function listBudgetCounters(
  db: Db,
  { budgetId, generation }: Pick<CounterKey, "budgetId" | "generation">,
): Promise<CounterRow[]> {
  const found = await db.execute(sql`
    select ${COUNTER_COLUMNS} from ${budgetCounters} c
    where c.budget_id = ${budgetId}::uuid and c.generation = ${generation}::int
    order by ${KEY_ORDER}`);
  return counterRow.array().parse(rowsOf(found));
}

/**
 * Moves counters, all in one statement and in the order of their keys; one that is not there begins at 0.
 * @returns of the moved counters those that are watched and have come so far, as they are now
 */
export async function addToBudgetCounters(
  tx: Db,
  moves: readonly CounterMove[],
  watches: readonly CounterWatch[] = [],
): Promise<CounterRow[]> {
  if (moves.length === 0) return [];
  const values = sumByKey(moves).map((move) =>
    Object.fromEntries(Object.entries(move).map(([name, value]) => [columnOf(name), value])),
  );
  const columns = sql.raw(FIGURES.map(columnOf).join(", "));
  const moved = sql.raw(FIGURES.map((name) => `coalesce(m.${columnOf(name)}, 0)`).join(", "));
  const types = sql.raw(FIGURES.map((name) => `${columnOf(name)} numeric`).join(", "));
  const sums = sql.raw(
    FIGURES.map(
      (name) => `${columnOf(name)} = c.${columnOf(name)} + excluded.${columnOf(name)}`,
    ).join(", "),
  );
  const move = sql`
    insert into ${budgetCounters} as c (${KEY}, ${columns}, changed_at)
    select budget_id, generation, value, period, ${moved}, clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(values)}::text::jsonb)
      as m(budget_id uuid, generation int, value text, period text, ${types})
    order by ${KEY_ORDER}
    on conflict (${KEY}) do update set ${sums},
      changed_at = greatest(excluded.changed_at, c.changed_at + interval '1 microsecond')`;
  if (watches.length === 0) {
    await tx.execute(move);
    return [];
  }
  // In the statement that moves them: who looked afterwards would pay for it with every block.
  const found = await tx.execute(sql`
    with moved as (${move} returning c.*)
    select coalesce(json_agg(json_build_array(${CELLS})), '[]')::text as cells
    from moved c join ${watchedCounters(watches)} using (budget_id, generation) where ${IS_REACHED}`);
  return readCells(rowsOf(found));
}

/** Counters of one period that have come as far as they are watched for. */
export async function listReachedCounters(
  tx: Db,
  watch: CounterWatch,
  period: string,
): Promise<CounterRow[]> {
  const found = await tx.execute(sql`
    select coalesce(json_agg(json_build_array(${CELLS})), '[]')::text as cells
    from ${budgetCounters} c join ${watchedCounters([watch])} using (budget_id, generation)
    where c.budget_id = ${watch.budgetId}::uuid and c.generation = ${watch.generation}::int
      and c.period = ${period} and ${IS_REACHED}`);
  return readCells(rowsOf(found));
}

/** One move a counter: a statement may touch a row once. Sums are exact: whole numbers of 1e-15. */
function sumByKey(moves: readonly CounterMove[]): CounterMove[] {
  const sums = new Map<string, CounterMove>();
  for (const move of moves) {
    const known = sums.get(nameOf(move));
    if (!known) {
      sums.set(nameOf(move), { ...move });
      continue;
    }
    for (const name of FIGURES) {
      const more = move[name];
      if (more !== undefined) known[name] = addDecimals(known[name] ?? "0", more);
    }
  }
  return [...sums.values()];
}

function addDecimals(a: string, b: string): string {
  const [left, right] = [parseUsd(a), parseUsd(b)];
  if (left === null || right === null) throw new RangeError(`not a decimal: ${a}, ${b}`);
  return formatUsd(left + right);
}

function wantedKeys(keys: readonly CounterKey[]) {
  const values = keys.map(({ budgetId, generation, value, period }) => {
    return { budget_id: budgetId, generation, value, period };
  });
  return sql`(select distinct * from jsonb_to_recordset(${JSON.stringify(values)}::text::jsonb)
    as k(budget_id uuid, generation int, value text, period text)) as wanted`;
}

/** A name for a map. Values and periods hold any character, so it says where the value ends. */
export function nameOf({ budgetId, generation, value, period }: CounterKey): string {
  return `${budgetId} ${generation} ${value.length} ${value} ${period}`;
}
