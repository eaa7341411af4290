import type { Db } from "@/db/postgres";
import { findLiveKeyByHash, updateKeyLastUsed } from "@/db/queries/keys";
import type { RedactionPattern } from "@/lib/contents/redaction-pattern";
import { OutlayError } from "@/lib/errors";
import { hashKey } from "@/lib/keys/hash-key";
import type { Log } from "@/lib/log";
import { KEY_SCOPES, type KeyScope } from "@/lib/permissions";
import type { TagMapping } from "@/lib/traces/tag-mapping";

/** What a presented key may do, and what ingest must know of its project. */
export interface VerifiedKey {
  keyId: string;
  name: string;
  projectId: string;
  projectSlug: string;
  scopes: readonly KeyScope[];
  isInstallation: boolean;
  trustsReportedCost: boolean;
  requiredTags: readonly string[];
  keepsContent: boolean;
  contentRetentionDays: number;
  redactionPatterns: readonly RedactionPattern[];
  tagMapping: TagMapping;
}

export interface KeyVerifier {
  /**
   * Looks a presented key up.
   * @returns null for an unknown or revoked one.
   * @throws OutlayError `unavailable` when PostgreSQL is out of reach and the key is not known here.
   */
  verify(key: string): Promise<VerifiedKey | null>;
  /** The same without waiting: null also where PostgreSQL would have to be asked. */
  verifyKnown(key: string): VerifiedKey | null;
  /** Asks PostgreSQL again at the next use: call it after a key or its project changed in this process. */
  forget(ids: { keyId?: string; projectId?: string }): void;
}

/** Another process's revocation is obeyed within this time; this process's own at once. */
const FRESH_MS = 60_000;
/** A made-up key is asked for once in this time. */
const UNKNOWN_MS = 10_000;
/** While PostgreSQL is gone, a known key is tried again only this often. */
const RETRY_MS = 5_000;
/** A known key does not wait longer than this for PostgreSQL; an unknown one has to. */
const STALE_WAIT_MS = 1_000;
const UNKNOWN_WAIT_MS = 10_000;
const LAST_USED_EVERY_MS = 60_000;
/** Keys kept of each kind: far more than anybody has, far less than a guesser sends. */
const MAX_ENTRIES = 10_000;
const MAX_KEY_LENGTH = 512;

interface Entry {
  key: VerifiedKey;
  freshUntilMs: number;
  lastUsedWrittenMs: number;
}

/**
 * Makes the lookup of the hot path: one hash and one map for a known key. Known keys go on working
 * while PostgreSQL is away, so that an outage of it costs nobody an event.
 * @param options.now milliseconds since the epoch
 */
export function createKeyVerifier(options: { db: Db; log: Log; now?: () => number }): KeyVerifier {
  const { db, log, now = Date.now } = options;
  const known = new Map<string, Entry>();
  const unknownUntilMs = new Map<string, number>();
  const lookups = new Map<string, Promise<VerifiedKey | null>>();
  let generation = 0;

  async function lookUp(hash: string): Promise<VerifiedKey | null> {
    const startedIn = generation;
    const row = await findLiveKeyByHash(db, hash);
    // Something was revoked meanwhile, perhaps this key, and the row may be from before.
    if (startedIn !== generation) return lookUp(hash);
    if (!row) {
      known.delete(hash);
      setBounded(unknownUntilMs, hash, now() + UNKNOWN_MS);
      return null;
    }
    const key = { ...row, scopes: KEY_SCOPES.filter((scope) => row.scopes.includes(scope)) };
    const lastUsedWrittenMs = known.get(hash)?.lastUsedWrittenMs ?? 0;
    setBounded(known, hash, { key, freshUntilMs: now() + FRESH_MS, lastUsedWrittenMs });
    return key;
  }

  function shareLookUp(hash: string): Promise<VerifiedKey | null> {
    const running = lookups.get(hash);
    if (running) return running;
    const started = lookUp(hash).finally(() => lookups.delete(hash));
    // A caller may have stopped waiting; the failure is told to those who did not.
    started.catch(() => undefined);
    lookups.set(hash, started);
    return started;
  }

  async function refresh(hash: string, entry: Entry | undefined): Promise<VerifiedKey | null> {
    try {
      return await within(shareLookUp(hash), entry ? STALE_WAIT_MS : UNKNOWN_WAIT_MS);
    } catch (cause) {
      if (!entry || known.get(hash) !== entry) {
        throw new OutlayError("unavailable", "Keys cannot be checked just now.", {
          retryAfterSeconds: 5,
          cause,
        });
      }
      log.warn({ err: cause }, "PostgreSQL is out of reach: a key that is known stays usable");
      entry.freshUntilMs = now() + RETRY_MS;
      return entry.key;
    }
  }

  function noteUse(hash: string): void {
    const entry = known.get(hash);
    const usedMs = now();
    if (!entry || usedMs - entry.lastUsedWrittenMs < LAST_USED_EVERY_MS) return;
    entry.lastUsedWrittenMs = usedMs;
    updateKeyLastUsed(db, entry.key.keyId, new Date(usedMs)).catch((error: unknown) => {
      log.debug({ err: error }, "the last use of a key was not noted");
    });
  }

  return {
    async verify(presented) {
      if (!presented || presented.length > MAX_KEY_LENGTH) return null;
      const hash = hashKey(presented);
      const entry = known.get(hash);
      if (!entry && (unknownUntilMs.get(hash) ?? 0) > now()) return null;
      const isFresh = entry !== undefined && entry.freshUntilMs > now();
      const key = isFresh ? entry.key : await refresh(hash, entry);
      if (key) noteUse(hash);
      return key;
    },
    verifyKnown(presented) {
      if (!presented || presented.length > MAX_KEY_LENGTH) return null;
      const hash = hashKey(presented);
      const entry = known.get(hash);
      if (!entry || entry.freshUntilMs <= now()) return null;
      noteUse(hash);
      return entry.key;
    },
    forget({ keyId, projectId }) {
      generation += 1;
      for (const [hash, { key }] of known) {
        if (key.keyId === keyId || key.projectId === projectId) known.delete(hash);
      }
    },
  };
}

/** Drops the oldest entry when full. */
function setBounded<V>(map: Map<string, V>, hash: string, value: V): void {
  map.delete(hash);
  if (map.size >= MAX_ENTRIES) {
    const oldest = map.keys().next().value;
    if (oldest !== undefined) map.delete(oldest);
  }
  map.set(hash, value);
}

function within<T>(promise: Promise<T>, waitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("timed out")), waitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
