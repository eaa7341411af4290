import { cookies } from "next/headers";
import { findSessionActor, type SessionActor } from "@/lib/auth/find-session-actor";
import { getRuntime } from "@/lib/runtime";

/** Who is signed in, for a page or layout on the server; null for nobody. */
export async function findCurrentUser(): Promise<SessionActor | null> {
  const runtime = getRuntime();
  const jar = await cookies();
  return findSessionActor(
    {
      db: runtime.postgres.db,
      secret: runtime.secrets.nextauth,
      publicUrl: runtime.publicUrl,
    },
    (name) => jar.get(name)?.value ?? null,
  );
}
