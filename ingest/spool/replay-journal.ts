import { Journal } from "@/ingest/spool/journal";
import { findTail, Marks } from "@/ingest/spool/spool-reader";
import type { SpoolStore, WriteRunner } from "@/ingest/spool/spool-store";
import { lastSequenceOf, type StagedGroup } from "@/ingest/spool/staged-group";

/** Stores what a process that ended had flushed to the journal only. What LMDB has already is passed over. */
export function replayJournal(
  { dir, readers }: { dir: string; readers: readonly string[] },
  store: SpoolStore,
  writeGroup: (group: StagedGroup, run: WriteRunner) => void,
): void {
  let { sequence } = findTail(store, new Marks(store, readers));
  const missing = Journal.read(dir).filter((group) => {
    if (group.firstSequence <= sequence) return false;
    sequence = lastSequenceOf(group);
    return true;
  });
  if (missing.length === 0) return;
  store.commitAtStart((run) => {
    for (const group of missing) writeGroup(group, run);
  });
}
