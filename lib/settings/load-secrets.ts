import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { Postgres } from "@/db/postgres";
import { findOrInsertSecret } from "@/db/queries/settings";
import type { Env } from "@/lib/env";
import { StartError } from "@/lib/start-error";

/** Secrets of the installation that nobody types. */
export interface Secrets {
  /** Encrypts the cookie of a sign-in. */
  nextauth: string;
}

const fileSchema = z.object({ nextauth_secret: z.string().min(16) });

/**
 * The secrets: given by the environment, or generated once. One process keeps them in a file beside its
 * stores; several share them through their database.
 * @throws StartError when the file is there and cannot be read: a new secret would sign everybody out.
 */
export async function loadSecrets(options: {
  postgres: Postgres;
  env: Pick<Env, "nextauthSecret" | "dataDir">;
}): Promise<Secrets> {
  const { postgres, env } = options;
  if (env.nextauthSecret) return { nextauth: env.nextauthSecret };
  const offered = randomBytes(32).toString("base64url");
  if (postgres.kind === "server") {
    return { nextauth: await findOrInsertSecret(postgres.db, "nextauth", offered) };
  }
  return { nextauth: readOrWriteSecret(path.join(env.dataDir, "secrets.json"), offered) };
}

function readOrWriteSecret(file: string, offered: string): string {
  if (!fs.existsSync(file)) {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.new`;
    fs.writeFileSync(draft, JSON.stringify({ nextauth_secret: offered }, null, 2), { mode: 0o600 });
    fs.renameSync(draft, file);
    return offered;
  }
  try {
    return fileSchema.parse(JSON.parse(fs.readFileSync(file, "utf8"))).nextauth_secret;
  } catch (cause) {
    throw new StartError(
      `${file} cannot be read: restore it, or move it away (everybody then signs in again).`,
      { cause },
    );
  }
}
