import fs from "node:fs";
import { type Database, open, type RootDatabase } from "lmdb";

/** The spool's LMDB environment: one file, several trees, one transaction over all of them. */
export interface SpoolStore {
  /** Running number -> one record (see spool-record.ts). */
  records: Database<Buffer, number>;
  /** Name of a reader -> its mark. */
  marks: Database<string, string>;
  /** Project, bucket and id -> hash of the content. */
  identities: Database<Buffer, Buffer>;
  /** Running number -> an event that the calls store refuses by its content. */
  setAside: Database<string, number>;
  /** Running number -> lines of `JSONEachRow` of what was said in calls; gone when they are stored. */
  contents: Database<Buffer, number>;
  /** Small facts: the last arrival given. */
  facts: Database<string, string>;
  /**
   * Runs writes as one transaction; resolves when it is flushed to disk, rejects when nothing of it is.
   * The writes happen on LMDB's thread: values must not change until then.
   */
  commit(write: (run: WriteRunner) => void): Promise<void>;
  /** The same at once, before anything else is under way. @throws where it cannot be written */
  commitAtStart(write: (run: WriteRunner) => void): void;
  /** Bytes of pages in use. LMDB files never shrink; freed pages are used again. */
  usedBytes(): number;
  close(): Promise<void>;
}

/** Takes the promise of each put or remove inside `commit`. */
export type WriteRunner = (write: Promise<boolean>) => void;

/**
 * Opens or makes the environment.
 * `overlappingSync: false`: a commit resolves after its fdatasync, so that a resolved write is a promise kept
 * across a power cut. `eventTurnBatching: false`: the group commit batches already.
 */
export function openSpoolStore(dir: string): SpoolStore {
  fs.mkdirSync(dir, { recursive: true });
  const root: RootDatabase = open({
    path: dir,
    noSubdir: false,
    maxDbs: 8,
    overlappingSync: false,
    eventTurnBatching: false,
    noMemInit: true,
  });
  const trees = {
    records: root.openDB<Buffer, number>({ name: "records", encoding: "binary" }),
    marks: root.openDB<string, string>({ name: "marks", encoding: "string" }),
    identities: root.openDB<Buffer, Buffer>({
      name: "identities",
      encoding: "binary",
      keyEncoding: "binary",
    }),
    setAside: root.openDB<string, number>({ name: "set_aside", encoding: "string" }),
    contents: root.openDB<Buffer, number>({ name: "contents", encoding: "binary" }),
    facts: root.openDB<string, string>({ name: "facts", encoding: "string" }),
  };
  return {
    ...trees,
    commit: (write) => commit(root, write),
    commitAtStart: (write) => root.transactionSync(() => write(ignoreRejection)),
    usedBytes: () =>
      usedBytes(trees.records) +
      usedBytes(trees.identities) +
      usedBytes(trees.setAside) +
      usedBytes(trees.contents),
    close: () => root.close(),
  };
}

async function commit(root: RootDatabase, write: (run: WriteRunner) => void): Promise<void> {
  const done = root.batch(() => write(ignoreRejection));
  try {
    await done;
  } catch (error) {
    if (error instanceof Error && "commitError" in error) ignoreRejection(error.commitError);
    throw error;
  }
}

/** A failed transaction rejects every promise of its writes; the batch's own one is the one we answer to. */
function ignoreRejection(promise: unknown): void {
  if (promise instanceof Promise) promise.catch(() => undefined);
}

/** Size of one tree in bytes. */
export function usedBytes(tree: { getStats(): object }): number {
  const stats: Partial<Record<string, unknown>> = tree.getStats();
  const pages =
    Number(stats.treeBranchPageCount) +
    Number(stats.treeLeafPageCount) +
    Number(stats.overflowPages);
  return pages * Number(stats.pageSize);
}
