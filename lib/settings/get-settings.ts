import type { Db } from "@/db/postgres";
import { findSettings } from "@/db/queries/settings";
import type { Env } from "@/lib/env";
import type { SettingsAnswer } from "@/lib/settings/settings-schemas";

/** The organisation's settings; until an admin sets the zone, that of the environment counts. */
export async function getSettings(db: Db, env: Pick<Env, "timeZone">): Promise<SettingsAnswer> {
  const row = await findSettings(db);
  return {
    organisation_name: row.organisationName,
    time_zone: row.timeZone ?? env.timeZone,
    coverage_tags: row.coverageTags,
  };
}
