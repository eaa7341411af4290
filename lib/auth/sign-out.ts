import type { Db } from "@/db/postgres";
import { findLiveSessionUser, setUserSessionRevoked } from "@/db/queries/users";
import { recordAudit } from "@/lib/audit/record-audit";

/** Ends a session for good: its cookie, kept or stolen, opens nothing from now on. Ending it twice changes nothing. */
export async function signOut(
  context: { db: Db; requestId: string | null },
  sessionId: string,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    const user = await findLiveSessionUser(tx, sessionId, new Date());
    if (!user) return;
    await setUserSessionRevoked(tx, sessionId, new Date());
    const actor = { type: "user" as const, ...user, memberships: [] };
    await recordAudit(
      tx,
      { ...context, db: tx, actor },
      {
        action: "user.sign_out",
        targetType: "user_session",
        targetId: sessionId,
        projectId: null,
      },
    );
  });
}
