import { decodeRecord } from "@/ingest/spool/spool-record";

/** An identity on its way into the index. */
export interface StagedIdentity {
  /** Key of the index: bucket, project, id. */
  key: Buffer;
  contentHash: Buffer;
}

/** What one group commit adds to the spool: what its transaction writes, or the journal before that. */
export interface StagedGroup {
  /** Number of its first record; the others follow. */
  firstSequence: number;
  records: readonly Buffer[];
  /** Lines of what was said in its calls. */
  contents: readonly Buffer[];
  identities: readonly StagedIdentity[];
}

/** Number of a group's last record. */
export function lastSequenceOf(group: StagedGroup): number {
  return group.firstSequence + group.records.length - 1;
}

/** Arrival of a staged record's first event, microseconds since 1970; null where no group has that record. */
export function findArrival(groups: Iterable<StagedGroup>, sequence: number): number | null {
  for (const group of groups) {
    const record = group.records[sequence - group.firstSequence];
    if (record) return decodeRecord(record).arrivedUs;
  }
  return null;
}
