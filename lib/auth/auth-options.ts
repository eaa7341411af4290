import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { z } from "zod";
import { findLiveSessionUser } from "@/db/queries/users";
import { hasSecureCookies, SESSION_MAX_AGE_S, sessionCookieName } from "@/lib/auth/session-cookie";
import { signIn } from "@/lib/auth/sign-in";
import { signOut } from "@/lib/auth/sign-out";
import { isOutlayError } from "@/lib/errors";
import { SIGN_IN_PATH } from "@/lib/paths";
import type { Runtime } from "@/lib/runtime";

const credentialsSchema = z.object({ email: z.string().max(320), password: z.string() });
const sessionIdSchema = z.uuid();

/** What a sign-in that was refused for too many failures says to the page. */
export const TOO_MANY_ATTEMPTS = "TooManyAttempts";

/**
 * next-auth for one request. Its credentials know only tokens that cannot be taken back, so the token
 * carries the id of our own `user_sessions` row, and every reader asks that row.
 * @param request.origin where the browser is, so that it is sent back there
 * @param request.address of the client, or null where it cannot be known
 */
export function createAuthOptions(
  runtime: Runtime,
  request: { origin: string; address: string | null; requestId: string },
): NextAuthOptions {
  const { log, publicUrl } = runtime;
  const { db } = runtime.postgres;
  const isSecure = hasSecureCookies(publicUrl);
  const cookie = { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure } as const;
  const prefix = isSecure ? "__Secure-" : "";
  return {
    secret: runtime.secrets.nextauth,
    session: { strategy: "jwt", maxAge: SESSION_MAX_AGE_S },
    pages: { signIn: SIGN_IN_PATH, error: SIGN_IN_PATH },
    useSecureCookies: isSecure,
    cookies: {
      sessionToken: { name: sessionCookieName(publicUrl), options: cookie },
      callbackUrl: { name: `${prefix}outlay.callback-url`, options: cookie },
      csrfToken: { name: `${isSecure ? "__Host-" : ""}outlay.csrf`, options: cookie },
    },
    providers: [
      CredentialsProvider({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        async authorize(given) {
          const credentials = credentialsSchema.safeParse(given).data;
          if (!credentials) return null;
          const signedIn = await checkSignIn(runtime, request, credentials);
          return signedIn && { id: signedIn.userId, ...signedIn };
        },
      }),
    ],
    callbacks: {
      async jwt({ token, user }) {
        if (user && "sessionId" in user) return { sub: user.id, sid: user.sessionId };
        // Thrown, next-auth takes the cookie back.
        const live = await findLiveSessionUser(db, sessionIdSchema.parse(token.sid), new Date());
        if (!live) throw new Error("the session has ended");
        return { ...token, name: live.name, email: live.email };
      },
      session: ({ session, token }) => ({
        ...session,
        user: { id: token.sub ?? "", name: token.name ?? null, email: token.email ?? null },
      }),
      // A path of this site, or home: a link that leads elsewhere after sign-in is how phishing starts.
      redirect: ({ url }) => sameSiteUrl(url, request.origin),
    },
    events: {
      async signOut({ token }) {
        const sessionId = sessionIdSchema.safeParse(token?.sid).data;
        if (sessionId) await signOut({ db, requestId: request.requestId }, sessionId);
      },
    },
    logger: {
      error: (code, detail) => log.info({ code, err: detail }, "next-auth refused a request"),
      warn: (code) => log.debug({ code }, "next-auth warned"),
      debug: () => undefined,
    },
  };
}

async function checkSignIn(
  runtime: Runtime,
  request: { address: string | null; requestId: string },
  credentials: { email: string; password: string },
) {
  const { requestId, address } = request;
  try {
    return await signIn(
      { db: runtime.postgres.db, attempts: runtime.signIns, requestId },
      { ...credentials, address },
    );
  } catch (error) {
    // next-auth hands the message to the page, so nothing else of an error may be in it.
    if (isOutlayError(error) && error.code === "too_many_requests") {
      throw new Error(TOO_MANY_ATTEMPTS);
    }
    runtime.log.error({ err: error, requestId }, "a sign-in failed");
    throw new Error("Unavailable");
  }
}

/** `url` where it is a path or address of this site, else the site itself. */
export function sameSiteUrl(url: string, origin: string): string {
  const target = URL.canParse(url, origin) ? new URL(url, origin) : null;
  return target?.origin === origin ? target.href : origin;
}
