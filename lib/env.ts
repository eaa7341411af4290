import path from "node:path";
import { z } from "zod";
import { StartError } from "@/lib/start-error";

/** Every setting the process reads, in one place. Names and meanings: .env.example. */
const booleanText = z.enum(["true", "false", "1", "0"]).transform((v) => v === "true" || v === "1");

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

const urlWith = (protocols: string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must look like ${example}`,
  });

const settingsSchema = z
  .object({
    NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
    PORT: z.coerce
      .number({ error: "must be a port number from 0 to 65535" })
      .int({ error: "must be a port number from 0 to 65535" })
      .min(0, { error: "must be a port number from 0 to 65535" })
      .max(65535, { error: "must be a port number from 0 to 65535" })
      .default(3000),
    HOST: z.string().min(1).default("127.0.0.1"),
    OUTLAY_ROLE: z
      .enum(["all", "web", "ingest"], { error: "must be all, web or ingest" })
      .default("all"),
    OUTLAY_DATA_DIR: z.string().min(1).default("./.outlay"),
    CLICKHOUSE_URL: urlWith(
      ["http:", "https:"],
      "http://user:password@host:8123/outlay",
    ).optional(),
    DATABASE_URL: urlWith(
      ["postgres:", "postgresql:"],
      "postgres://user:password@host:5432/outlay",
    ).optional(),
    OUTLAY_API_KEY: z
      .string()
      .min(16, { error: "must have at least 16 characters" })
      .regex(/^[\x21-\x7e]+$/, { error: "must be printable ASCII without spaces" })
      .optional(),
    OUTLAY_ADMIN_EMAIL: z.email({ error: "must be an e-mail address" }).optional(),
    OUTLAY_ADMIN_PASSWORD: z
      .string()
      .min(10, { error: "must have at least 10 characters" })
      .optional(),
    OUTLAY_PUBLIC_URL: urlWith(["http:", "https:"], "https://outlay.example.com").optional(),
    NEXTAUTH_SECRET: z.string().min(16, { error: "must have at least 16 characters" }).optional(),
    OUTLAY_SECRET_KEY: z.string().min(16, { error: "must have at least 16 characters" }).optional(),
    OUTLAY_TIME_ZONE: z
      .string()
      .refine(isTimeZone, { error: "must be an IANA time zone such as Europe/Berlin" })
      .default("UTC"),
    OUTLAY_SPOOL_MAX_BYTES: z.coerce
      .number({ error: "must be a number of bytes" })
      .int({ error: "must be a whole number of bytes" })
      .min(16 * 1024 * 1024, { error: "must be at least 16777216 (16 MiB)" })
      .default(10 * 1024 ** 3),
    OUTLAY_TRUSTED_PROXY: booleanText.default(false),
    OUTLAY_ALLOW_PRIVATE_WEBHOOKS: booleanText.default(false),
    SMTP_URL: urlWith(["smtp:", "smtps:"], "smtp://user:password@host:587").optional(),
    OUTLAY_LOG_LEVEL: z
      .enum(["fatal", "error", "warn", "info", "debug", "trace"], {
        error: "must be fatal, error, warn, info, debug or trace",
      })
      .optional(),
  })
  .superRefine((value, context) => {
    if (value.OUTLAY_ROLE !== "all" && !(value.CLICKHOUSE_URL && value.DATABASE_URL)) {
      context.addIssue({
        code: "custom",
        path: ["OUTLAY_ROLE"],
        message: `${value.OUTLAY_ROLE} needs CLICKHOUSE_URL and DATABASE_URL: an embedded store belongs to one process`,
      });
    }
    if ((value.OUTLAY_ADMIN_EMAIL === undefined) !== (value.OUTLAY_ADMIN_PASSWORD === undefined)) {
      context.addIssue({
        code: "custom",
        path: ["OUTLAY_ADMIN_EMAIL"],
        message: "and OUTLAY_ADMIN_PASSWORD are set together or not at all",
      });
    }
  });

/** The process's settings, checked and completed. */
export interface Env {
  nodeEnv: "development" | "production" | "test";
  port: number;
  host: string;
  role: "all" | "web" | "ingest";
  dataDir: string;
  clickhouseUrl: string | null;
  databaseUrl: string | null;
  apiKey: string | null;
  admin: { email: string; password: string } | null;
  publicUrl: string | null;
  nextauthSecret: string | null;
  secretKey: string | null;
  timeZone: string;
  spoolMaxBytes: number;
  isProxyTrusted: boolean;
  /** Channels may lead to private and loopback addresses. */
  mayReachPrivate: boolean;
  /** Mail server, as nodemailer reads it; `?from=` is the sender's address. */
  smtpUrl: string | null;
  /** null: info, or only warnings where a person watches the terminal. */
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | null;
}

/**
 * Reads the settings from an environment.
 * @throws StartError that names every problem at once, so that one restart is enough.
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  // An empty variable is an unset one: compose files and CI systems pass `NAME=` for "nothing".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((i) => `${i.path.join(".")} ${i.message}`);
    throw new StartError(`bad settings: ${problems.join("; ")}.`);
  }
  const s = parsed.data;
  return {
    nodeEnv: s.NODE_ENV,
    port: s.PORT,
    host: s.HOST,
    role: s.OUTLAY_ROLE,
    dataDir: path.resolve(s.OUTLAY_DATA_DIR),
    clickhouseUrl: s.CLICKHOUSE_URL ?? null,
    databaseUrl: s.DATABASE_URL ?? null,
    apiKey: s.OUTLAY_API_KEY ?? null,
    admin:
      s.OUTLAY_ADMIN_EMAIL && s.OUTLAY_ADMIN_PASSWORD
        ? { email: s.OUTLAY_ADMIN_EMAIL, password: s.OUTLAY_ADMIN_PASSWORD }
        : null,
    publicUrl: s.OUTLAY_PUBLIC_URL?.replace(/\/+$/, "") ?? null,
    nextauthSecret: s.NEXTAUTH_SECRET ?? null,
    secretKey: s.OUTLAY_SECRET_KEY ?? null,
    timeZone: s.OUTLAY_TIME_ZONE,
    spoolMaxBytes: s.OUTLAY_SPOOL_MAX_BYTES,
    isProxyTrusted: s.OUTLAY_TRUSTED_PROXY,
    mayReachPrivate: s.OUTLAY_ALLOW_PRIVATE_WEBHOOKS,
    smtpUrl: s.SMTP_URL ?? null,
    logLevel: s.OUTLAY_LOG_LEVEL ?? null,
  };
}

/**
 * Tells next-auth where people reach us. It reads this variable and nothing else, and without it its
 * links lead to localhost:3000.
 */
export function setAuthUrl(publicUrl: string): void {
  process.env.NEXTAUTH_URL = publicUrl;
}
