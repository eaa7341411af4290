import type { AcceptDeps } from "@/ingest/events/accept-events";
import { deriveRow, type IngestContext, rowPrefixOf } from "@/ingest/events/derive-row";
import { bodyText } from "@/ingest/http-body/body-text";
import { type QuickHead, readQuickHead } from "@/ingest/quick/read-quick-head";
import type { SpoolEvent } from "@/ingest/spool/spool-event";
import { checkEvent } from "@/lib/events/check-event";
import type { KeyVerifier, VerifiedKey } from "@/lib/keys/verify-key";

export interface QuickDeps extends Pick<AcceptDeps, "spool" | "prices"> {
  keys: Pick<KeyVerifier, "verifyKnown">;
}

/**
 * Takes the bytes of one request. Null: nothing was done, it is not an ordinary one. Otherwise true when its event is
 * flushed to disk, false when it is not in the spool (a conflict, a spool that is full): nothing was kept then.
 */
export type TakeQuickRequest = (bytes: Buffer) => Promise<boolean> | null;

const HEAD_END = "\r\n\r\n";
const MAX_HEAD_BYTES = 4_096;
/** Clients send the same head again and again, but for the length. */
const MAX_HEADS = 1_000;

/** Makes what takes ordinary requests of one event: a known key, an event without a fault. */
export function createQuickTaker(deps: QuickDeps): TakeQuickRequest {
  const heads = new Map<string, QuickHead>();
  const senders = new WeakMap<VerifiedKey, Omit<IngestContext, "nowMs">>();

  const senderOf = (key: VerifiedKey): Omit<IngestContext, "nowMs"> => {
    const known = senders.get(key);
    if (known) return known;
    const { keyId: apiKeyId, projectId, requiredTags, trustsReportedCost } = key;
    const rowPrefix = rowPrefixOf({ projectId, apiKeyId });
    const sender = { apiKeyId, projectId, requiredTags, trustsReportedCost, rowPrefix };
    senders.set(key, sender);
    return sender;
  };

  return (bytes) => {
    const headBytes = bytes.indexOf(HEAD_END, 0, "latin1");
    if (headBytes <= 0 || headBytes > MAX_HEAD_BYTES) return null;
    const text = bytes.toString("latin1", 0, headBytes);
    const known = heads.get(text);
    const head = known ?? readQuickHead(text);
    const bodyAt = headBytes + HEAD_END.length;
    // Not whole yet, or more than one request: whoever reads on must have all of it.
    if (head?.bodyBytes !== bytes.length - bodyAt) return null;
    const key = deps.keys.verifyKnown(head.key);
    if (!key?.scopes.includes("ingest")) return null;
    if (!known) {
      // Only after the key is known: a stranger must not fill it.
      if (heads.size >= MAX_HEADS) heads.clear();
      heads.set(text, head);
    }
    const event = readEvent(bytes.subarray(bodyAt), senderOf(key), deps);
    return event && deps.spool.append([event]).then(isAccepted, isNot);
  };
}

const isAccepted = ([outcome]: readonly string[]): boolean => outcome !== "conflict";
const isNot = (): boolean => false;

/** The row of a body that is one event without a fault. */
function readEvent(
  body: Buffer,
  sender: Omit<IngestContext, "nowMs">,
  deps: QuickDeps,
): SpoolEvent | null {
  const value = parse(body);
  if (typeof value !== "object" || value === null || "events" in value) return null;
  const nowMs = Date.now();
  const checked = checkEvent(value, nowMs);
  return checked.ok ? deriveRow(checked.event, { ...sender, nowMs }, deps.prices) : null;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(bodyText(body));
  } catch {
    return null;
  }
}
