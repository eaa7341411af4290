import type { CountTokens } from "./estimate.ts";
import type { Tags } from "./types.ts";

/** What `createOutlay` takes. */
export interface OutlayOptions extends Tags {
  /** Where Outlay is; else `OUTLAY_URL`. */
  url?: string | undefined;
  /** A key with the scopes `ingest` and `guard`; else `OUTLAY_API_KEY`. */
  apiKey?: string | undefined;
  /** The slug of a project: for a key of the installation. */
  project?: string | undefined;
  /** Of this process, and of no other one, ever; made anew where it is left out. */
  instanceId?: string | undefined;
  /** Nothing is asked and nothing is sent; limits of runs still hold. */
  disabled?: boolean | undefined;
  /** False: the policy is asked for every few seconds and not pushed. */
  push?: boolean | undefined;
  /** What calls do while nobody can be asked: instead of the policy's own `fail_mode`. */
  failMode?: "open" | "closed" | undefined;
  /** How long the last policy stands while nobody can be asked, 60 by default. */
  policyMaxAgeSeconds?: number | undefined;
  /** Prompts and answers are sent too; they are kept only where the project keeps content. */
  content?: boolean | undefined;
  /** Better than estimates, where the caller has it. */
  countTokens?: CountTokens | undefined;
  /** A folder for what could not be sent before the process ended (Node). */
  spoolDir?: string | undefined;
  /** False: the end of the process is not listened for; call `close`. */
  flushAtExit?: boolean | undefined;
  /** Instead of Node's own client. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** Options as they were checked. */
export interface Settings {
  /** Without a slash at its end; null: disabled. */
  url: string | null;
  apiKey: string;
  project: string | null;
  instanceId: string | null;
  isPushed: boolean;
  failMode: "open" | "closed" | null;
  policyMaxAgeMs: number;
  sendsContent: boolean;
  countTokens: CountTokens | undefined;
  spoolDir: string | null;
  flushesAtExit: boolean;
  fetch: typeof globalThis.fetch | null;
  tags: Tags;
}

type Types = "string" | "boolean" | "number" | "function" | "object";

const TYPES: Readonly<Record<keyof OutlayOptions, Types>> = {
  url: "string",
  apiKey: "string",
  project: "string",
  instanceId: "string",
  disabled: "boolean",
  push: "boolean",
  failMode: "string",
  policyMaxAgeSeconds: "number",
  content: "boolean",
  countTokens: "function",
  spoolDir: "string",
  flushAtExit: "boolean",
  fetch: "function",
  agent: "string",
  task: "string",
  task_type: "string",
  feature: "string",
  user: "string",
  session: "string",
  metadata: "object",
};

/**
 * Checks what `createOutlay` was given, with the environment behind it.
 * @throws TypeError that says what is wrong with which option; the key is in no message
 */
export function readOptions(
  options: OutlayOptions,
  setting: (name: string) => string | undefined,
): Settings {
  checkTypes(options);
  const { failMode, policyMaxAgeSeconds = 60, fetch, disabled = false } = options;
  if (failMode !== undefined && failMode !== "open" && failMode !== "closed") {
    throw fault('failMode must be "open" or "closed"');
  }
  if (!(policyMaxAgeSeconds >= 1)) throw fault("policyMaxAgeSeconds must be at least 1");
  const { agent, task, task_type, feature, user, session, metadata } = options;
  return {
    url: disabled ? null : readUrl(options.url ?? setting("OUTLAY_URL")),
    apiKey: disabled ? "" : readKey(options.apiKey ?? setting("OUTLAY_API_KEY")),
    project: options.project ?? null,
    instanceId: readInstanceId(options.instanceId),
    isPushed: options.push ?? true,
    failMode: failMode ?? null,
    policyMaxAgeMs: policyMaxAgeSeconds * 1000,
    sendsContent: options.content ?? false,
    countTokens: options.countTokens,
    spoolDir: options.spoolDir ?? null,
    flushesAtExit: options.flushAtExit ?? true,
    fetch: fetch ?? null,
    tags: { agent, task, task_type, feature, user, session, metadata },
  };
}

function checkTypes(options: OutlayOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const type = (TYPES as Record<string, Types | undefined>)[name];
    if (!type) throw fault(`there is no option ${name}`);
    if (value !== undefined && (typeof value !== type || value === null)) {
      throw fault(`${name} must be ${type === "object" ? "an" : "a"} ${type}`);
    }
  }
}

function readUrl(text: string | undefined): string {
  if (!text) throw fault("url is missing: give it, set OUTLAY_URL, or say disabled: true");
  let url: URL | null = null;
  try {
    url = new URL(text);
  } catch {
    // Told below.
  }
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw fault("url must be http(s)://host");
  }
  if (url.username || url.password || url.search || url.hash) {
    throw fault("url must have no user, query or fragment");
  }
  return url.href.replace(/\/+$/, "");
}

function readKey(text: string | undefined): string {
  if (!text) throw fault("apiKey is missing: give it, set OUTLAY_API_KEY, or say disabled: true");
  // A line break from a file, which no header can have.
  const key = text.trim();
  if (!/^[!-~]+$/.test(key)) throw fault("apiKey has characters that no key has");
  return key;
}

function readInstanceId(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^[ -~]{1,100}$/.test(text)) {
    throw fault("instanceId must have 1 to 100 characters of printable ASCII");
  }
  return text;
}

function fault(message: string): TypeError {
  return new TypeError(`createOutlay: ${message}.`);
}
