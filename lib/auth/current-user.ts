import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { hasUsers } from "@/db/queries/users";
import { findSessionActor, type SessionActor } from "@/lib/auth/find-session-actor";
import { SIGN_IN_PATH } from "@/lib/paths";
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

/** Who is signed in, or else leads to the sign-in page; before anybody has an account, to how to make one. */
export async function requireUser(): Promise<SessionActor> {
  const user = await findCurrentUser();
  if (user) return user;
  redirect((await hasUsers(getRuntime().postgres.db)) ? SIGN_IN_PATH : "/setup");
}
