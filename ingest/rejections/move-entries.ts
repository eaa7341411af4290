import { isRefusedValue } from "@/db/is-refused-value";
import type { Db } from "@/db/postgres";
import { moveMovedKey } from "@/db/queries/counters";
import {
  addToRejectionCounts,
  deleteOldSamples,
  insertRejections,
  type NewRejectionCount,
  type NewRejectionRow,
  reopenPoisoned,
} from "@/db/queries/rejections";
import type { Counting } from "@/ingest/counters/counting";
import { describePoison } from "@/ingest/rejections/describe-fault";
import { readPoisonedRow } from "@/ingest/rejections/poisoned-row";
import type {
  FaultCount,
  PoisonedEvent,
  RefusedSample,
  SetAsideEntry,
} from "@/ingest/spool/set-aside";
import type { Log } from "@/lib/log";

/**
 * Samples a project keeps in PostgreSQL, the newest: enough to see every fault of the last weeks at twenty an hour and
 * fault, and few enough that a sender which is wrong for a year fills no disk. Poisoned events are kept all.
 */
export const MAX_SAMPLES = 10_000;

interface KeyedEntry {
  key: number;
  entry: SetAsideEntry;
}

interface Moving {
  db: Db;
  spoolId: string;
  /** A poisoned event is in no sum of the calls: its counters are taken back. */
  countings: readonly Counting[];
  log: Log;
}

/**
 * Moves entries of a spool's set-aside store into PostgreSQL, in one transaction with the mark of what was moved.
 * An entry that PostgreSQL refuses for a value in it is told and left out, so that it stops nothing behind it.
 * @param from the last number moved before.
 */
export async function moveEntries(
  moving: Moving,
  from: number,
  entries: readonly KeyedEntry[],
): Promise<void> {
  const last = entries.at(-1);
  if (!last) return;
  try {
    await moveAll(moving, { from, to: last.key }, entries);
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    let at = from;
    for (const entry of entries) {
      await moveOne(moving, at, entry);
      at = entry.key;
    }
  }
}

async function moveOne(moving: Moving, from: number, entry: KeyedEntry): Promise<void> {
  const mark = { from, to: entry.key };
  try {
    await moveAll(moving, mark, [entry]);
  } catch (error) {
    if (!isRefusedValue(error)) throw error;
    moving.log.error({ err: error, entry: entry.entry.kind }, "what was set aside cannot be kept");
    await moveAll(moving, mark, []);
  }
}

async function moveAll(
  moving: Moving,
  mark: { from: number; to: number },
  entries: readonly KeyedEntry[],
): Promise<void> {
  const { db, spoolId, countings } = moving;
  const samples: NewRejectionRow[] = [];
  const poisoned: { row: NewRejectionRow; event: PoisonedEvent }[] = [];
  const counts: FaultCount[] = [];
  for (const { key, entry } of entries) {
    if (entry.kind === "counts") counts.push(...entry.counts);
    else if (entry.kind !== "poisoned") samples.push(toSampleRow(entry, spoolId, key));
    else poisoned.push(toPoisoned(entry, spoolId, key, counts));
  }
  const takeBacks = poisoned
    .filter(({ event }) => event.isCounted)
    .flatMap(({ event }) => countings.map((counting) => counting(event.line, -1)));
  await db.transaction(async (tx) => {
    if (!(await moveMovedKey(tx, spoolId, mark))) {
      throw new Error(`entries from ${mark.from} on are moved already`);
    }
    await insertRejections(tx, samples);
    for (const { row } of poisoned) {
      if (!(await reopenPoisoned(tx, row))) await insertRejections(tx, [row]);
    }
    await addToRejectionCounts(tx, addUp(counts));
    for (const takeBack of takeBacks) await takeBack(tx, "apart");
    for (const projectId of new Set(samples.map((row) => row.projectId))) {
      await deleteOldSamples(tx, projectId, MAX_SAMPLES);
    }
  });
}

function toSampleRow(sample: RefusedSample, spoolId: string, spoolKey: number): NewRejectionRow {
  const { receivedAtMs, errors, body, eventId, ...row } = sample;
  return {
    ...row,
    eventId: eventId === null ? null : storable(eventId),
    errors: errors.map(({ path, message }) => {
      return { path: storable(path), message: storable(message) };
    }),
    body: storable(body),
    receivedAt: new Date(receivedAtMs),
    spoolId,
    spoolKey,
  };
}

function toPoisoned(event: PoisonedEvent, spoolId: string, spoolKey: number, counts: FaultCount[]) {
  const { projectId, eventId, body, receivedAtMs } = readPoisonedRow(
    event.line,
    event.setAsideAtMs,
  );
  const fault = describePoison(event.reason);
  const at = event.setAsideAtMs;
  const day = new Date(at).toISOString().slice(0, 10);
  counts.push({ projectId, day, kind: "poisoned", ...fault, events: 1, lastAtMs: at });
  const row: NewRejectionRow = {
    projectId,
    kind: "poisoned",
    fingerprint: fault.fingerprint,
    eventId: eventId === null ? null : storable(eventId),
    errors: [{ path: "", message: storable(event.reason) }],
    body: storable(body),
    receivedAt: new Date(receivedAtMs),
    spoolId,
    spoolKey,
  };
  return { row, event };
}

/** One row for each fault and day: a statement may change a row only once. */
function addUp(counts: readonly FaultCount[]): NewRejectionCount[] {
  const sums = new Map<string, NewRejectionCount>();
  for (const { lastAtMs, message, ...count } of counts) {
    const key = `${count.projectId} ${count.day} ${count.kind} ${count.fingerprint}`;
    const lastAt = new Date(lastAtMs);
    const sum = sums.get(key);
    if (!sum) sums.set(key, { ...count, message: storable(message), lastAt });
    else {
      sum.events += count.events;
      if (lastAt > sum.lastAt) sum.lastAt = lastAt;
    }
  }
  return [...sums.values()];
}

/** PostgreSQL's text holds no zero byte, and its JSON no half of a surrogate pair; a sender's may. */
function storable(text: string): string {
  return text.replace(/[\0\uD800-\uDFFF]/gu, "\uFFFD");
}
