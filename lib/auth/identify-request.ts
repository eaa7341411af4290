import type { KeyActor } from "@/lib/auth/actor";
import { findSessionActor, type SessionActor } from "@/lib/auth/find-session-actor";
import { readCookie } from "@/lib/auth/session-cookie";
import { OutlayError } from "@/lib/errors";
import type { Runtime } from "@/lib/runtime";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** The key a request carries in `Authorization: Bearer` or `x-api-key`, or null. */
export function presentedKey(headers: Headers): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  return bearer ?? headers.get("x-api-key");
}

/**
 * Who sends a request to `/api/*`: a machine with a key, or else a signed-in person.
 * A request with a bad key is never tried as a person: a script must learn that its key is bad.
 * @throws OutlayError `unauthorized` when it is nobody, `forbidden` for a write that another site sent.
 */
export async function identifyRequest(
  request: Request,
  runtime: Runtime,
): Promise<KeyActor | SessionActor> {
  const presented = presentedKey(request.headers);
  if (presented !== null) return identifyKey(presented, runtime);
  const cookies = request.headers.get("cookie");
  const actor = await findSessionActor(
    {
      db: runtime.postgres.db,
      secret: runtime.secrets.nextauth,
      publicUrl: runtime.publicUrl,
    },
    (name) => readCookie(cookies, name),
  );
  if (!actor) {
    throw new OutlayError(
      "unauthorized",
      "Sign in, or send a key as `Authorization: Bearer <key>`.",
    );
  }
  if (!SAFE_METHODS.has(request.method)) requireSameSite(request, runtime);
  return actor;
}

async function identifyKey(presented: string, runtime: Runtime): Promise<KeyActor> {
  const key = await runtime.keys.verify(presented);
  if (!key) throw new OutlayError("unauthorized", "This key is not known, or it was revoked.");
  const { keyId: id, name, projectId, scopes, isInstallation } = key;
  return { type: "key", id, name, projectId, scopes, isInstallation };
}

/**
 * A browser sends the cookie along with whatever any site makes it post, but it always says from where.
 * So a write with a cookie must come from a page of ours: of the public URL, or of the host it was sent to.
 */
function requireSameSite(request: Request, runtime: Runtime): void {
  const origin = request.headers.get("origin");
  const host = originHost(origin);
  const forwarded = runtime.env.isProxyTrusted ? request.headers.get("x-forwarded-host") : null;
  const own = [new URL(runtime.publicUrl).host, request.headers.get("host"), forwarded];
  if (host === null || !own.includes(host)) {
    throw new OutlayError(
      "forbidden",
      `A change has to come from a page of this dashboard; this one came from ${origin ?? "nowhere"}.`,
    );
  }
}

function originHost(origin: string | null): string | null {
  return origin !== null && URL.canParse(origin) ? new URL(origin).host : null;
}
