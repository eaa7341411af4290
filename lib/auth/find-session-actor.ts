import type { Db } from "@/db/postgres";
import { findLiveSessionUser, type listMembershipsOf } from "@/db/queries/users";
import type { UserActor } from "@/lib/auth/actor";
import { readSessionId, sessionCookieName } from "@/lib/auth/session-cookie";

/** A person with the slug of each membership's project. */
export interface SessionActor extends UserActor {
  sessionId: string;
  memberships: Awaited<ReturnType<typeof listMembershipsOf>>;
}

/**
 * Who is signed in. Asks the session's row each time: signing out, expiry and a disabled account
 * count from the next request on, though the cookie itself would be good for a month.
 * @param cookieOf reads one cookie of the request
 */
export async function findSessionActor(
  options: { db: Db; secret: string; publicUrl: string },
  cookieOf: (name: string) => string | null,
): Promise<SessionActor | null> {
  const cookie = cookieOf(sessionCookieName(options.publicUrl));
  const sessionId = cookie ? await readSessionId(cookie, options.secret) : null;
  if (!sessionId) return null;
  const user = await findLiveSessionUser(options.db, sessionId, new Date());
  return user && { type: "user", ...user, sessionId };
}
