import { COMPARE_SESSIONS_PATH, type SessionRef, withQuery } from "@/lib/paths";

/** A session in one word of an address: `demo:session:run-17`. A slug holds no colon. */
export function writeSessionRef({ kind, id, project }: SessionRef): string {
  return `${project}:${kind}:${id}`;
}

/** @returns null for what names no session. */
export function readSessionRef(text: string): SessionRef | null {
  const [, project, kind, id] = /^([^:]+):(session|trace):(.+)$/s.exec(text) ?? [];
  if (!project || !id) return null;
  return { kind: kind === "trace" ? "trace" : "session", id, project };
}

/** Two sessions beside each other. */
export function compareSessionsPath(a: SessionRef, b: SessionRef): string {
  const query = new URLSearchParams({ a: writeSessionRef(a), b: writeSessionRef(b) });
  return withQuery(COMPARE_SESSIONS_PATH, query);
}
