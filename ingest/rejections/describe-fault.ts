import { createHash } from "node:crypto";
import type { FieldError } from "@/lib/errors";

/** A fault as many events have it. */
export interface Fault {
  /** Equal for events with the same fault. */
  fingerprint: string;
  /** The fault in words, without the events' own values. */
  message: string;
}

const MAX_MESSAGE = 300;
/** Maps whose keys are a sender's own: `metadata.team` and `metadata.city` are one fault. */
const OWN_KEYS = /^(metadata|usage\.units|raw_usage\.body)\.[\s\S]+$/;

/** Names what is wrong with an event that was not accepted. */
export function describeFault(kind: "rejected" | "conflict", errors: readonly FieldError[]): Fault {
  const words = errors.map(({ path, message }) =>
    `${withoutIndexes(path)} ${reduce(message)}`.trim(),
  );
  return toFault(kind, [...new Set(words)].sort().join("; "));
}

/** Names why the calls store refuses an event: ClickHouse's number and sentence, without the row that it quotes. */
export function describePoison(reason: string): Fault {
  const [, code = "", rest = ""] =
    /^(?:Code: (\d+)\.\s*)?(?:DB::Exception:\s*)?([\s\S]*)$/.exec(reason) ?? [];
  const sentence = (rest.split(/[:("'`\n]/)[0] ?? "").replace(/\d+/g, "…").trim();
  return toFault("poisoned", [code, sentence].filter(Boolean).join(" ") || "refused by the store");
}

function toFault(kind: string, message: string): Fault {
  const hash = createHash("sha256").update(`${kind}\n${message}`).digest("hex");
  return { fingerprint: hash.slice(0, 16), message: message.slice(0, MAX_MESSAGE) };
}

function withoutIndexes(path: string): string {
  return path
    .replace(OWN_KEYS, "$1.*")
    .replace(/(^|\.)\d+(?=\.|$)/g, "$1*")
    .slice(0, 100);
}

/** What a message repeats of the event: what is between quotes, and counts. */
function reduce(message: string): string {
  return message
    .replace(/^(is not valid JSON): [\s\S]*$/, "$1")
    .replace(/"[^"]*"/g, "…")
    .replace(/, not \d+/g, "");
}
