import type { AcceptDeps } from "@/ingest/events/accept-events";
import { deriveRow, type IngestContext, rowPrefixOf } from "@/ingest/events/derive-row";
import { bodyText } from "@/ingest/http-body/body-text";
import type { TracedProjects } from "@/ingest/otlp/traced-projects";
import { type QuickHead, readQuickHead } from "@/ingest/quick/read-quick-head";
import type { SpoolEvent } from "@/ingest/spool/spool-event";
import { checkEvent } from "@/lib/events/check-event";
import type { KeyVerifier, VerifiedKey } from "@/lib/keys/verify-key";

export interface QuickDeps extends Pick<AcceptDeps, "spool" | "prices"> {
  traced: Pick<TracedProjects, "has">;
  keys: Pick<KeyVerifier, "verify" | "verifyKnown">;
}

/**
 * Takes the bytes of one request. Null: nothing was done, it is not an ordinary one. Otherwise true when its event is
 * flushed to disk, false when nothing was kept (an unknown key, a conflict, a spool that is full).
 */
export type TakeQuickRequest = (bytes: Buffer) => Promise<boolean> | null;

const HEAD_END = "\r\n\r\n";
const MAX_HEAD_BYTES = 4_096;
/** Clients send the same head again and again, but for the length. */
const MAX_HEADS = 1_000;

/** Makes what takes ordinary requests of one event: a key that may, an event without a fault. */
export function createQuickTaker(deps: QuickDeps): TakeQuickRequest {
  const heads = new Map<string, QuickHead>();
  const senders = new WeakMap<VerifiedKey, Omit<IngestContext, "nowMs">>();

  /** Only heads with a known key: a stranger must not fill this. */
  const remember = (text: string, head: QuickHead): void => {
    if (heads.has(text)) return;
    if (heads.size >= MAX_HEADS) heads.clear();
    heads.set(text, head);
  };

  const senderOf = (key: VerifiedKey): Omit<IngestContext, "nowMs"> => {
    const known = senders.get(key);
    if (known) return known;
    const { keyId: apiKeyId, ...project } = key;
    const rowPrefix = rowPrefixOf({ projectId: project.projectId, apiKeyId });
    const sender = { ...project, apiKeyId, rowPrefix };
    senders.set(key, sender);
    return sender;
  };

  const append = (body: Buffer, key: VerifiedKey | null): Promise<boolean> | null => {
    if (!key?.scopes.includes("ingest")) return null;
    const event = readEvent(body, senderOf(key), deps);
    return event && deps.spool.append([event]).then(isAccepted, isNot);
  };

  return (bytes) => {
    const headBytes = bytes.indexOf(HEAD_END, 0, "latin1");
    if (headBytes <= 0 || headBytes > MAX_HEAD_BYTES) return null;
    const text = bytes.toString("latin1", 0, headBytes);
    const head = heads.get(text) ?? readQuickHead(text);
    const bodyAt = headBytes + HEAD_END.length;
    // Not whole yet, or more than one request: whoever reads on must have all of it.
    if (head?.bodyBytes !== bytes.length - bodyAt) return null;
    const body = bytes.subarray(bodyAt);
    const known = deps.keys.verifyKnown(head.key);
    // Once a minute a key is asked for again: its connections stay here meanwhile.
    if (!known) return deps.keys.verify(head.key).then((key) => append(body, key) ?? false, isNot);
    remember(text, head);
    return append(body, known);
  };
}

const isAccepted = ([outcome]: readonly string[]): boolean => outcome !== "conflict";
const isNot = (): boolean => false;

/** The row of a body that is one event without a fault. Null also where our own code fails: `postEvents` tells of it. */
function readEvent(
  body: Buffer,
  sender: Omit<IngestContext, "nowMs">,
  deps: QuickDeps,
): SpoolEvent | null {
  try {
    const value: unknown = JSON.parse(bodyText(body));
    if (typeof value !== "object" || value === null || "events" in value) return null;
    // It may be a call that a span tells of too.
    if ("trace_id" in value && deps.traced.has(sender.projectId)) return null;
    const nowMs = Date.now();
    const checked = checkEvent(value, nowMs);
    return checked.ok ? deriveRow(checked.event, { ...sender, nowMs }, deps.prices) : null;
  } catch {
    return null;
  }
}
