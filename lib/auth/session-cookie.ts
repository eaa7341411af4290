import { decode } from "next-auth/jwt";
import { z } from "zod";

/** How long a sign-in lasts, in seconds, used or not. */
export const SESSION_MAX_AGE_S = 30 * 24 * 60 * 60;

/** Whether cookies are marked `Secure`. Only on an https address: a browser drops them on a plain one. */
export function hasSecureCookies(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}

/** Name of the cookie that holds the sign-in. Its own, as all ports of localhost share one jar. */
export function sessionCookieName(publicUrl: string): string {
  return hasSecureCookies(publicUrl) ? "__Secure-outlay.session" : "outlay.session";
}

const tokenSchema = z.object({ sid: z.uuid() });

/** The id of the `user_sessions` row that a cookie names; null for one that we did not make or that is too old. */
export async function readSessionId(cookie: string, secret: string): Promise<string | null> {
  try {
    const token = await decode({ token: cookie, secret });
    return tokenSchema.safeParse(token).data?.sid ?? null;
  } catch {
    return null;
  }
}

/** One cookie's value out of a `cookie` header. */
export function readCookie(header: string | null, name: string): string | null {
  for (const pair of header?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
