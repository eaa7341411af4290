import { and, asc, eq, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { priceOverrides } from "@/db/schema/prices";
import { projects } from "@/db/schema/projects";
import { users } from "@/db/schema/users";

export type NewPriceRow = typeof priceOverrides.$inferInsert;
export type PriceRow = Awaited<ReturnType<typeof selectPrices>>[number];

/** The names that make one price: two of them never hold at the same time. */
export interface PriceKey {
  projectId: string | null;
  provider: string;
  model: string;
  tier: string | null;
  region: string | null;
  contextOver: number | null;
}

/** Any constant; it must differ from the other advisory locks of the database. */
const PRICES_LOCK = 7_301_648_203;

/** Makes changes of prices wait for each other until the transaction ends: closing one and adding the next is one step. */
export async function lockPrices(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${PRICES_LOCK}::bigint)`);
}

function selectPrices(db: Db, condition: SQL | undefined) {
  return db
    .select({ price: priceOverrides, projectSlug: projects.slug, createdBy: users.name })
    .from(priceOverrides)
    .leftJoin(projects, eq(projects.id, priceOverrides.projectId))
    .leftJoin(users, eq(users.id, priceOverrides.createdByUserId))
    .where(and(condition, isNull(projects.archivedAt)))
    .orderBy(
      asc(priceOverrides.provider),
      asc(priceOverrides.model),
      asc(priceOverrides.effectiveFrom),
      asc(priceOverrides.id),
    );
}

/** Every override of a live project or of all projects, in a fixed order: the price book's version depends on it. */
export async function listAllPriceRows(db: Db): Promise<PriceRow[]> {
  return selectPrices(db, undefined);
}

/** Overrides of these projects and of all projects. */
export async function listPriceRowsOf(db: Db, projectIds: readonly string[]): Promise<PriceRow[]> {
  const everywhere = isNull(priceOverrides.projectId);
  if (!projectIds.length) return selectPrices(db, everywhere);
  return selectPrices(db, or(everywhere, inArray(priceOverrides.projectId, [...projectIds])));
}

/** One override by id, or null. */
export async function findPriceRow(db: Db, id: string): Promise<PriceRow | null> {
  const [row] = await selectPrices(db, eq(priceOverrides.id, id));
  return row ?? null;
}

/** The override of this key that has no end, or null. */
export async function findOpenPriceRow(db: Db, key: PriceKey): Promise<PriceRow | null> {
  const [row] = await selectPrices(db, and(isSameKey(key), isNull(priceOverrides.effectiveTo)));
  return row ?? null;
}

/**
 * An override of this key that holds at some moment of `[from, to)`, or null.
 * @param options.exceptId one that is left out: itself
 */
export async function findOverlappingPriceRow(
  db: Db,
  key: PriceKey,
  interval: { from: Date; to: Date | null },
  options: { exceptId?: string } = {},
): Promise<PriceRow | null> {
  const wanted = sql`tstzrange(${interval.from.toISOString()}::timestamptz, ${interval.to?.toISOString() ?? null}::timestamptz)`;
  const [row] = await selectPrices(
    db,
    and(
      isSameKey(key),
      sql`tstzrange(${priceOverrides.effectiveFrom}, ${priceOverrides.effectiveTo}) && ${wanted}`,
      options.exceptId ? sql`${priceOverrides.id} <> ${options.exceptId}` : undefined,
    ),
  );
  return row ?? null;
}

// `lower(model)` as in the migration's exclusion constraint, which is the guarantee behind this question.
function isSameKey(key: PriceKey): SQL | undefined {
  return and(
    sql`${priceOverrides.projectId} is not distinct from ${key.projectId}::uuid`,
    eq(priceOverrides.provider, key.provider),
    sql`lower(${priceOverrides.model}) = lower(${key.model})`,
    sql`${priceOverrides.tier} is not distinct from ${key.tier}::text`,
    sql`${priceOverrides.region} is not distinct from ${key.region}::text`,
    sql`${priceOverrides.contextOver} is not distinct from ${key.contextOver}::bigint`,
  );
}

/** Adds an override. @returns its id. */
export async function insertPrice(db: Db, row: NewPriceRow): Promise<string> {
  const [made] = await db.insert(priceOverrides).values(row).returning({ id: priceOverrides.id });
  if (!made) throw new Error("the price was not stored");
  return made.id;
}

/** Changes when an override ends or what is noted on it; its prices never change. */
export async function updatePriceRow(
  db: Db,
  id: string,
  change: { effectiveTo?: Date; note?: string },
): Promise<void> {
  await db
    .update(priceOverrides)
    .set({ ...change, updatedAt: sql`now()` })
    .where(eq(priceOverrides.id, id));
}
