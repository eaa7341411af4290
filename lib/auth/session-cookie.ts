import { decode } from "next-auth/jwt";
import { z } from "zod";
import { RecentMap } from "@/lib/recent-map";

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

const tokenSchema = z.object({ sid: z.uuid(), exp: z.number() });

/** Cookies whose decryption is remembered: as many people at once as an installation may have. */
const MAX_COOKIES = 2_000;
/** Ours have 300 to 600 characters: nobody fills our memory with longer ones. */
const MAX_COOKIE_LENGTH = 2_000;
/** next-auth's own tolerance for clocks that differ. */
const CLOCK_TOLERANCE_S = 15;

/**
 * What cookies say, by secret and cookie: next-auth derives its key anew for each, a millisecond a request. Only what
 * never changes is kept; whether the session still stands is asked of its row, each time. A memory of a pure function
 * does no harm in two copies, so it is a module's own.
 */
const decoded = new RecentMap<Promise<z.output<typeof tokenSchema> | null>>(MAX_COOKIES);

/** The id of the `user_sessions` row that a cookie names; null for one that we did not make or that is too old. */
export async function readSessionId(cookie: string, secret: string): Promise<string | null> {
  const decode = () => decodeToken(cookie, secret);
  const token = await (cookie.length > MAX_COOKIE_LENGTH
    ? decode()
    : decoded.getOrMake(`${secret}\n${cookie}`, decode));
  const isLive = token !== null && token.exp + CLOCK_TOLERANCE_S > Date.now() / 1000;
  return isLive ? token.sid : null;
}

async function decodeToken(cookie: string, secret: string) {
  try {
    return tokenSchema.safeParse(await decode({ token: cookie, secret })).data ?? null;
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
