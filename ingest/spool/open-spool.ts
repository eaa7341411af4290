import { randomUUID } from "node:crypto";
import { ArrivalClock } from "@/ingest/spool/arrival-clock";
import { ContentLog } from "@/ingest/spool/content-log";
import { GroupCommit } from "@/ingest/spool/group-commit";
import { createIdentityIndex } from "@/ingest/spool/identity-index";
import { replayJournal } from "@/ingest/spool/replay-journal";
import { SetAside, type SetAsideEntry } from "@/ingest/spool/set-aside";
import type { SpoolEvent, SpoolOutcome } from "@/ingest/spool/spool-event";
import {
  arrivalOf,
  findTail,
  type Mark,
  Marks,
  markAt,
  readBlock,
  type SpoolBlock,
} from "@/ingest/spool/spool-reader";
import { decodeRecord } from "@/ingest/spool/spool-record";
import { openSpoolStore, type WriteRunner } from "@/ingest/spool/spool-store";
import { lastSequenceOf, type StagedGroup } from "@/ingest/spool/staged-group";
import { WriteAhead } from "@/ingest/spool/write-ahead";
import { encodeGroup } from "@/ingest/spool/write-group";
import { OutlayError } from "@/lib/errors";
import type { Log } from "@/lib/log";
import type { Backlog } from "@/lib/runtime";

/** One reader of the spool. It may be told the same block again after a crash: its work must be repeatable. */
export interface SpoolReader {
  /** The next whole records, at least one; null where there is none. Does not move the mark. @throws the disk's error */
  read(limits: { events: number; bytes: number }): Promise<SpoolBlock | null>;
  /** Moves the mark durably, with the events set aside in the same transaction. */
  advance(mark: Mark, setAside?: readonly SetAsideEntry[]): Promise<void>;
  /** How far it is. */
  position(): Mark;
  /** Moves the mark on to a record that is known to be done. Where the record is not there, it stays. */
  skipTo(sequence: number): Promise<void>;
  /** What this reader has not done yet. Cheap: asked at every page. */
  backlog(): Backlog;
}

/** The durable log between a request's 202 and the stores. */
export interface Spool {
  /** Made with the spool, and kept in it. */
  id(): string;
  /** Gives it another name: for a spool that was put back from a copy, whose numbers the stores saw before. */
  rename(): void;
  /** Number of the last record. */
  lastSequence(): number;
  /** The latest arrival that was given to an event, microseconds since 1970; 0: none. It may be ahead of the clock. */
  lastArrivalUs(): number;
  /**
   * Resolves when the events are flushed to disk, with what became of each, in order.
   * @throws OutlayError `unavailable` (503, with Retry-After) when the spool is full or its disk fails; then
   * none of the events is in it.
   */
  append(events: readonly SpoolEvent[]): Promise<SpoolOutcome[]>;
  /** @throws RangeError for a name that was not registered: the spool would delete what it has not read. */
  reader(name: string): SpoolReader;
  /** Resolves when what was appended before can be read by everyone, what was said too. @throws the disk's error */
  settle(): Promise<void>;
  /** Calls back when there is more to read. @returns ends it. */
  onRecords(listener: () => void): () => void;
  /** What it keeps for people, until that is moved. */
  readonly setAside: SetAside;
  /** What was said in calls, until that is stored. */
  readonly contents: ContentLog;
  /**
   * True while there is room and the disk did not fail of late. Of late and not for ever: a process that says it is not
   * ready gets no requests, and only a request would show that the disk works again.
   */
  isWritable(): boolean;
  /** Whether so many events of so many bytes may be appended now. */
  hasRoom(events: readonly SpoolEvent[]): boolean;
  /** Bytes in use, about. */
  usedBytes(): number;
  /** Waits for appends under way, then closes the file. Everything not drained stays on disk. */
  close(): Promise<void>;
}

const FULL_RETRY_SECONDS = 10;
const DISK_RETRY_SECONDS = 5;
const DISK_SUSPECT_MS = 15_000;
/** The index is a memory for retries, not the spool: an eighth of it, and no more than 512 MiB (some 7 million events). */
const INDEX_SHARE = 8;
const MAX_INDEX_BYTES = 512 * 1024 * 1024;
const RECOUNT_BYTES = 1024 * 1024;
/** What a row gains at the commit: its arrival members, and its share of the record and the index. */
const EXTRA_BYTES_PER_EVENT = 256;

/**
 * Opens or makes the spool in a directory of its own.
 * @param options.maxBytes bytes in use past which `append` refuses: events, identity index and what was set aside.
 * @param options.othersBytes bytes that other spools of the same bound have in use
 * @param options.readers names of all readers; records are deleted when each of them has done them.
 */
export function openSpool(options: {
  dir: string;
  maxBytes: number;
  readers: readonly string[];
  log: Log;
  othersBytes?: () => number;
}): Spool {
  const { log, maxBytes, othersBytes = () => 0 } = options;
  const store = openSpoolStore(options.dir);
  const index = createIdentityIndex(store, Math.min(maxBytes / INDEX_SHARE, MAX_INDEX_BYTES));
  const contents = new ContentLog(store);
  const writeGroup = (group: StagedGroup, run: WriteRunner): void => {
    for (const [i, record] of group.records.entries()) {
      run(store.records.put(group.firstSequence + i, record));
    }
    contents.write(group.contents, run);
    index.write(group.identities, run);
    run(store.facts.put("last_arrival_us", String(lastArrivalUsOf(group))));
  };
  replayJournal(options, store, writeGroup);
  const marks = new Marks(store, options.readers);
  const clock = new ArrivalClock(Number(store.facts.get("last_arrival_us") ?? 0));
  const listeners = new Set<() => void>();
  const tail = findTail(store, marks);
  let usedBytes = store.usedBytes();
  let uncountedBytes = 0;
  let diskFailedAtMs = 0;
  let committingSinceUs: number | null = null;
  const setAside = new SetAside(store);
  if (!store.facts.get("spool_id")) store.facts.putSync("spool_id", randomUUID());

  const writeAhead = new WriteAhead({
    dir: options.dir,
    log,
    async store(staged) {
      await store.commit((run) => {
        for (const group of staged) writeGroup(group, run);
      });
      for (const { identities } of staged) index.forget(identities);
      // A moment later: of what went to LMDB directly the backlog does not know yet.
      setImmediate(() => {
        for (const listener of listeners) listener();
      });
    },
  });

  const commit = async (events: readonly SpoolEvent[]): Promise<SpoolOutcome[]> => {
    committingSinceUs = Date.now() * 1000;
    const { outcomes, identities } = index.decide(events);
    const { records, contents, ...totals } = encodeGroup(events, outcomes, clock, tail);
    if (records.length === 0) return outcomes;
    const group = { firstSequence: tail.sequence + 1, records, contents, identities };
    try {
      await writeAhead.append(group);
    } catch (error) {
      index.forget(identities);
      throw error;
    }
    tail.sequence = lastSequenceOf(group);
    tail.totalEvents = totals.totalEvents;
    tail.totalBytes = totals.totalBytes;
    return outcomes;
  };

  const groups = new GroupCommit(async (events) => {
    try {
      const outcomes = await commit(events);
      diskFailedAtMs = 0;
      return outcomes;
    } catch (error) {
      diskFailedAtMs = Date.now();
      log.error({ err: error }, "the spool could not be written; events are refused");
      const detail =
        "The spool's disk refuses writes. Nothing of this request was kept; send it again.";
      throw new OutlayError("unavailable", detail, {
        retryAfterSeconds: DISK_RETRY_SECONDS,
        cause: error,
      });
    } finally {
      committingSinceUs = null;
      recount(bytesOf(events));
    }
  });

  /** Asking LMDB costs as much as a small commit: between, what was appended is added up. */
  const recount = (bytes: number): void => {
    uncountedBytes += bytes;
    if (uncountedBytes < RECOUNT_BYTES) return;
    usedBytes = store.usedBytes();
    uncountedBytes = 0;
  };
  const ownBytes = (): number =>
    usedBytes + uncountedBytes + groups.waitingBytes + writeAhead.stagedBytes;
  const isFull = (bytes: number): boolean => ownBytes() + othersBytes() + bytes > maxBytes;
  /** What was said takes many times the room of what it cost: it leaves half of it to the money. */
  const isFullOfContents = (events: readonly SpoolEvent[]): boolean =>
    events.some(({ content }) => content) && contents.usedBytes() > maxBytes / 2;

  const arrivals = new WeakMap<Mark, number>();
  /** Arrival of the record behind a mark, read once: each commit asks for the backlog. */
  const arrivalAfter = (mark: Mark): number | null => {
    const sequence = mark.sequence + 1;
    const known =
      arrivals.get(mark) ?? arrivalOf(store, sequence) ?? writeAhead.arrivalOf(sequence);
    if (known !== null) arrivals.set(mark, known);
    return known;
  };

  const backlogOf = (name: string): Backlog => {
    const mark = marks.of(name);
    const nowMs = Date.now();
    const events = tail.totalEvents - mark.totalEvents;
    const oldestUs = events > 0 ? arrivalAfter(mark) : null;
    // Events in the commit under way are not accepted yet, but will carry an arrival before now.
    const freshToUs = oldestUs ?? committingSinceUs ?? nowMs * 1000;
    return {
      events,
      bytes: tail.totalBytes - mark.totalBytes,
      oldestSeconds: oldestUs === null ? 0 : Math.max(0, nowMs - oldestUs / 1000) / 1000,
      freshToMs: Math.floor(freshToUs / 1000),
    };
  };

  const advance = async (name: string, mark: Mark, entries: readonly SetAsideEntry[]) => {
    await store.commit((run) => {
      setAside.write(entries, run);
      marks.write(name, mark, run);
    });
    marks.moved(name, mark);
    recount(RECOUNT_BYTES);
  };

  return {
    id: () => store.facts.get("spool_id") ?? "",
    rename: () => void store.facts.putSync("spool_id", randomUUID()),
    lastSequence: () => tail.sequence,
    lastArrivalUs: () => clock.lastUs,
    append(events) {
      if (!isFull(bytesOf(events)) && !isFullOfContents(events)) return groups.append(events);
      const detail = "The spool is full. Nothing of this request was kept; send it again later.";
      return Promise.reject(
        new OutlayError("unavailable", detail, { retryAfterSeconds: FULL_RETRY_SECONDS }),
      );
    },
    reader(name) {
      if (!options.readers.includes(name)) throw new RangeError(`no reader ${name} is registered`);
      return {
        async read(limits) {
          const block = readBlock(store, marks.of(name), limits);
          if (block || tail.sequence === marks.of(name).sequence) return block;
          await writeAhead.settle();
          return readBlock(store, marks.of(name), limits);
        },
        advance: (mark, entries = []) => advance(name, mark, entries),
        position: () => marks.of(name),
        async skipTo(sequence) {
          const mark = markAt(store, sequence);
          if (mark && sequence > marks.of(name).sequence) await advance(name, mark, []);
        },
        backlog: () => backlogOf(name),
      };
    },
    onRecords(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setAside,
    contents,
    settle: () => writeAhead.settle(),
    isWritable: () => Date.now() - diskFailedAtMs > DISK_SUSPECT_MS && !isFull(0),
    hasRoom: (events) => !isFull(bytesOf(events)) && !isFullOfContents(events),
    usedBytes: ownBytes,
    async close() {
      await groups.idle();
      await writeAhead.close();
      await store.close();
    },
  };
}

function bytesOf(events: readonly SpoolEvent[]): number {
  return events.reduce(
    (sum, { row, content }) => sum + row.length + (content?.length ?? 0) + EXTRA_BYTES_PER_EVENT,
    0,
  );
}

/** A group's last arrival, microseconds since 1970: each event of a group arrives one microsecond after the other. */
function lastArrivalUsOf({ records }: StagedGroup): number {
  const [first] = records;
  if (!first) throw new RangeError("a group without a record");
  const events = records.reduce((sum, record) => sum + decodeRecord(record).events, 0);
  return decodeRecord(first).arrivedUs + events - 1;
}
