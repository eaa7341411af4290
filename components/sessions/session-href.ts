import { type Scope, scopeSearch } from "@/components/filters/scope";
import type { Session } from "@/components/sessions/session-answer";
import { type SessionRef, sessionPath } from "@/lib/paths";

/** What a listed session is found by. */
export function sessionRefOf(session: Session): SessionRef {
  const { session: name, trace_id: traceId, project } = session;
  return name === null
    ? { kind: "trace", id: traceId ?? "", project }
    : { kind: "session", id: name, project };
}

/** A session's page, with the list's range and filters in its address: they lead back to this very list. */
export function sessionHref(session: Session, scope: Scope): string {
  return sessionPath(sessionRefOf(session), scopeSearch(scope));
}
