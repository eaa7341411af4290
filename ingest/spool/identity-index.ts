import { createHash } from "node:crypto";
import type { EventIdentity, SpoolEvent, SpoolOutcome } from "@/ingest/spool/spool-event";
import { type SpoolStore, usedBytes, type WriteRunner } from "@/ingest/spool/spool-store";
import type { StagedIdentity } from "@/ingest/spool/staged-group";

/**
 * Which identities are known, with a hash of their content: what a retry is told without asking ClickHouse.
 *
 * It is a bounded memory, not the ledger. Keys start with the bucket, so that live traffic touches only the
 * last few pages however large the index is (keyed by random id it collapses), and when it is full the oldest
 * buckets go first. For an identity that has gone, a retry is spooled again: the table's version keeps the
 * first arrival, no figure changes, and only the answer `conflict` is lost.
 */
export interface IdentityIndex {
  /** Decides the events of one group, in order. Call only when no other group is under way. */
  decide(events: readonly SpoolEvent[]): IdentityDecision;
  /** Writes identities in a transaction, and drops the oldest where the index is over its bound. */
  write(identities: readonly StagedIdentity[], run: WriteRunner): void;
  /** Their transaction is on disk, or their group was refused: they are no longer kept in memory. */
  forget(identities: readonly StagedIdentity[]): void;
}

export interface IdentityDecision {
  outcomes: SpoolOutcome[];
  /** Those of the accepted events: known from now on, until they are forgotten. */
  identities: StagedIdentity[];
}

/** Entries dropped for each one added while over the bound: more than one, so that the index does shrink. */
const DROPS_PER_ENTRY = 2;
const MIN_DROPS = 256;
/** Asking LMDB for a tree's size costs as much as a small commit. So many entries are some 20 KiB. */
const COUNT_EVERY = 256;

export function createIdentityIndex(store: SpoolStore, maxBytes: number): IdentityIndex {
  const tree = store.identities;
  /** Key as text -> hash, of what the tree has not yet. */
  const staged = new Map<string, Buffer>();
  let uncounted = COUNT_EVERY;
  let isOver = false;
  return {
    decide(events) {
      const identities: StagedIdentity[] = [];
      const outcomes = events.map(({ identity }): SpoolOutcome => {
        if (!identity) return "accepted";
        const { contentHash } = identity;
        const key = keyOf(identity);
        const name = key.toString("latin1");
        const known = staged.get(name) ?? tree.getBinaryFast(key);
        if (known)
          return contentHash.compare(known, 0, contentHash.length) === 0 ? "repeated" : "conflict";
        staged.set(name, contentHash);
        identities.push({ key, contentHash });
        return "accepted";
      });
      return { outcomes, identities };
    },
    write(identities, run) {
      for (const { key, contentHash } of identities) run(tree.put(key, contentHash));
      uncounted += identities.length;
      // Over its bound it is counted, and shrinks, at every write; below, seldom.
      if (!isOver && uncounted < COUNT_EVERY) return;
      isOver = usedBytes(tree) > maxBytes;
      uncounted = 0;
      if (!isOver) return;
      const limit = Math.max(MIN_DROPS, identities.length * DROPS_PER_ENTRY);
      for (const key of tree.getKeys({ limit })) run(tree.remove(key));
    },
    forget(identities) {
      for (const { key } of identities) staged.delete(key.toString("latin1"));
    },
  };
}

/** Bucket (big-endian, so that keys are in its order), 16 bytes for the project, the id itself. */
function keyOf(identity: EventIdentity): Buffer {
  const key = Buffer.allocUnsafe(20 + Buffer.byteLength(identity.id));
  key.writeUInt32BE(identity.bucket, 0);
  projectKey(identity.projectId).copy(key, 4);
  key.write(identity.id, 20, "utf8");
  return key;
}

const projectKeys = new Map<string, Buffer>();
const MAX_PROJECT_KEYS = 10_000;

/** A pure function's memory: a process sees few projects, thousands of times a second. */
function projectKey(projectId: string): Buffer {
  const known = projectKeys.get(projectId);
  if (known) return known;
  const key = createHash("sha256").update(projectId).digest().subarray(0, 16);
  if (projectKeys.size >= MAX_PROJECT_KEYS) projectKeys.clear();
  projectKeys.set(projectId, key);
  return key;
}
