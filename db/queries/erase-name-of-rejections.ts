import { and, eq, sql } from "drizzle-orm";
import type { Db } from "@/db/postgres";
import { rejections } from "@/db/schema/rejections";

/** Puts `replacement` where kept samples of events that did not count name this user or session. */
export async function eraseNameOfRejections(
  db: Db,
  erased: { projectId: string; name: string; replacement: string },
): Promise<void> {
  const quoted = JSON.stringify(erased.name).replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
  const pattern = `("(?:user|session)"\\s*:\\s*)${quoted}`;
  await db
    .update(rejections)
    .set({
      body: sql`regexp_replace(${rejections.body}, ${pattern}::text, ${`\\1${JSON.stringify(erased.replacement)}`}::text, 'g')`,
    })
    .where(
      and(eq(rejections.projectId, erased.projectId), sql`${rejections.body} ~ ${pattern}::text`),
    );
}
