import { and, eq, gt, lte, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { prepareOnce } from "@/db/prepare-once";
import { installationSecrets, settings, setupTokens } from "@/db/schema/settings";

/** Any constant; it must differ from the other advisory locks of the database. */
const FIRST_RUN_LOCK = 7_301_648_202;

/** Makes the making of first things (default project's key, first admin) wait for each other until the transaction ends. */
export async function lockFirstRun(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${FIRST_RUN_LOCK}::bigint)`);
}

const prepareSettings = prepareOnce((db) =>
  db
    .select({
      organisationName: settings.organisationName,
      timeZone: settings.timeZone,
      coverageTags: settings.coverageTags,
    })
    .from(settings)
    .prepare("settings"),
);

/** The organisation's own settings; the time zone is null until an admin sets it. */
export async function findSettings(db: Db) {
  const [row] = await prepareSettings(db).execute();
  if (!row) throw new Error("the settings row is missing");
  return row;
}

/** Changes the settings that are given. */
export async function updateSettingsRow(
  db: Db,
  change: { organisationName?: string; timeZone?: string; coverageTags?: string[] | null },
): Promise<void> {
  await db.update(settings).set({ ...change, updatedAt: sql`now()` });
}

/** A secret that all processes of the installation share: the first one to offer a value sets it. */
export async function findOrInsertSecret(db: Db, name: string, offered: string): Promise<string> {
  await db.insert(installationSecrets).values({ name, value: offered }).onConflictDoNothing();
  const [row] = await db
    .select({ value: installationSecrets.value })
    .from(installationSecrets)
    .where(eq(installationSecrets.name, name));
  if (!row) throw new Error(`the secret ${name} was not stored`);
  return row.value;
}

/** Adds a setup token by its hash, and drops those that have expired. */
export async function insertSetupToken(db: Db, hash: string, expiresAt: Date): Promise<void> {
  await db.delete(setupTokens).where(lte(setupTokens.expiresAt, sql`now()`));
  await db.insert(setupTokens).values({ hash, expiresAt });
}

/** Whether a setup token is there and has not expired. */
export async function hasSetupToken(db: Db, hash: string, now: Date): Promise<boolean> {
  const rows = await db
    .select({ hash: setupTokens.hash })
    .from(setupTokens)
    .where(and(eq(setupTokens.hash, hash), gt(setupTokens.expiresAt, now)));
  return rows.length > 0;
}

/** Makes every setup link useless. */
export async function deleteSetupTokens(db: Db): Promise<void> {
  await db.delete(setupTokens);
}
