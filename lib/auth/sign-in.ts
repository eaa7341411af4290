import type { Db } from "@/db/postgres";
import { findUserByEmail, insertUserSession, listMembershipsOf } from "@/db/queries/users";
import { recordAudit } from "@/lib/audit/record-audit";
import type { AttemptLimiter } from "@/lib/auth/attempt-limiter";
import { isPasswordRight } from "@/lib/auth/password";
import { PASSWORD_MAX_LENGTH } from "@/lib/auth/password-length";
import { SESSION_MAX_AGE_S } from "@/lib/auth/session-cookie";
import { OutlayError } from "@/lib/errors";

/** Somebody who has just signed in. */
export interface SignedIn {
  userId: string;
  email: string;
  name: string;
  sessionId: string;
}

/** One person from one place; one person from anywhere; one place for anybody (an office shares one). */
const MAX_FAILURES = { emailAndAddress: 5, email: 50, address: 50 };

/**
 * Checks a password and opens a session. Nothing tells a wrong password from an unknown or disabled person.
 * @returns null where they do not fit.
 * @throws OutlayError `too_many_requests` after too many failures, whatever the password
 */
export async function signIn(
  context: { db: Db; attempts: AttemptLimiter; requestId: string | null },
  input: { email: string; password: string; address: string | null },
): Promise<SignedIn | null> {
  const email = input.email.trim();
  const limits = limitsOf(email.toLowerCase(), input.address);
  const retryAfterSeconds = context.attempts.waitSeconds(limits);
  if (retryAfterSeconds > 0) {
    throw new OutlayError("too_many_requests", "Too many failed sign-ins. Try again later.", {
      retryAfterSeconds,
    });
  }
  // Counted before the slow hash: a hundred guesses sent at once must not all find the counter at 0.
  context.attempts.noteFailure(limits);
  const user = await findUserByEmail(context.db, email);
  const isTooLong = input.password.length > PASSWORD_MAX_LENGTH;
  const isRight = await isPasswordRight(
    isTooLong ? "" : input.password,
    isTooLong ? null : (user?.passwordHash ?? null),
  );
  if (!user || !isRight || user.disabledAt) return null;
  context.attempts.takeBack(limits);
  return openSession(context, user);
}

async function openSession(
  context: { db: Db; requestId: string | null },
  user: { id: string; email: string; name: string },
): Promise<SignedIn> {
  return context.db.transaction(async (tx) => {
    const expiresAt = new Date(Date.now() + SESSION_MAX_AGE_S * 1000);
    const sessionId = await insertUserSession(tx, { userId: user.id, expiresAt });
    const memberships = await listMembershipsOf(tx, user.id);
    const actor = { type: "user" as const, ...user, memberships };
    await recordAudit(
      tx,
      { ...context, db: tx, actor },
      {
        action: "user.sign_in",
        targetType: "user_session",
        targetId: sessionId,
        projectId: null,
      },
    );
    return { userId: user.id, email: user.email, name: user.name, sessionId };
  });
}

function limitsOf(email: string, address: string | null) {
  const limits = [{ key: `email ${email}`, maxFailures: MAX_FAILURES.email }];
  if (address === null) return limits;
  return [
    ...limits,
    { key: `both ${address} ${email}`, maxFailures: MAX_FAILURES.emailAndAddress },
    { key: `address ${address}`, maxFailures: MAX_FAILURES.address },
  ];
}
