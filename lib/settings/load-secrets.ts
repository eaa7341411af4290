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
  /** What stored secrets are encrypted under: `lib/channels/seal.ts`. */
  sealing: string;
}

const fileSchema = z.object({
  nextauth_secret: z.string().min(16).optional(),
  secret_key: z.string().min(16).optional(),
});
type SecretsFile = z.output<typeof fileSchema>;

/**
 * The secrets: given by the environment, or generated once. One process keeps them in a file beside its
 * stores; several share them through their database.
 * @throws StartError when the file is there and cannot be read: a new secret would sign everybody out, and what is
 * encrypted could not be read.
 */
export async function loadSecrets(options: {
  postgres: Postgres;
  env: Pick<Env, "nextauthSecret" | "secretKey" | "dataDir">;
}): Promise<Secrets> {
  const { postgres, env } = options;
  const load = (name: keyof Secrets, entry: keyof SecretsFile): string | Promise<string> => {
    const offered = randomBytes(32).toString("base64url");
    return postgres.kind === "server"
      ? findOrInsertSecret(postgres.db, name, offered)
      : readOrWriteSecret(path.join(env.dataDir, "secrets.json"), entry, offered);
  };
  return {
    nextauth: env.nextauthSecret ?? (await load("nextauth", "nextauth_secret")),
    sealing: env.secretKey ?? (await load("sealing", "secret_key")),
  };
}

function readOrWriteSecret(file: string, entry: keyof SecretsFile, offered: string): string {
  const kept = readSecretsFile(file);
  const found = kept[entry];
  if (found !== undefined) return found;
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  const text = JSON.stringify({ ...kept, [entry]: offered }, null, 2);
  fs.writeFileSync(draft, text, { mode: 0o600, flush: true });
  fs.renameSync(draft, file);
  return offered;
}

function readSecretsFile(file: string): SecretsFile {
  if (!fs.existsSync(file)) return {};
  try {
    return fileSchema.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (cause) {
    throw new StartError(
      `${file} cannot be read: restore it, or move it away (everybody then signs in again, and the addresses of channels are to be given again).`,
      { cause },
    );
  }
}
