import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { Journal } from "@/ingest/spool/journal";
import { makeRecord } from "@/ingest/spool/spool-record";
import type { StagedGroup } from "@/ingest/spool/staged-group";
import { WriteAhead } from "@/ingest/spool/write-ahead";
import { createLog } from "@/lib/log";

const log = createLog("silent");
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function makeDir(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-journal-"));
  ends.push(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function makeGroup(firstSequence: number, bytes = 100): StagedGroup {
  const totals = { arrivedUs: firstSequence, events: 1, totalEvents: firstSequence, totalBytes: 0 };
  const { value } = makeRecord(totals, bytes);
  return { firstSequence, records: [value.fill(1, 32)], contents: [], identities: [] };
}

const LARGE = 100 * 1024;
/** A frame of this takes a 70th of a journal's file. */
const SMALL = 60_000;

/** What LMDB has, and a tap on it: it takes groups, hangs or fails. */
function openOn(dir: string) {
  const store = {
    sequences: [] as number[],
    transactions: 0,
    fault: null as Error | null,
    hold: Promise.resolve(),
  };
  const ahead = new WriteAhead({
    dir,
    log,
    async store(groups) {
      await store.hold;
      if (store.fault) throw store.fault;
      store.transactions += 1;
      store.sequences.push(...groups.map(({ firstSequence }) => firstSequence));
    },
  });
  ends.push(() => ahead.close());
  return { store, ahead };
}
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
const readBack = (dir: string): number[] => Journal.read(dir).map((group) => group.firstSequence);

test("a group is in the journal when it is answered, and in the store soon, each once and in order", async () => {
  const dir = makeDir();
  const { store, ahead } = openOn(dir);
  for (const sequence of upTo(500)) await ahead.append(makeGroup(sequence));
  expect(readBack(dir).at(-1)).toBe(500);
  await ahead.settle();
  expect(store.sequences).toEqual(upTo(500));
  expect(store.transactions).toBeLessThan(250);
  expect(ahead.stagedBytes).toBe(0);
});

test("what the journals of a process that died hold goes on from what its store had", async () => {
  const dir = makeDir();
  const { store, ahead } = openOn(dir);
  for (const sequence of upTo(300)) {
    await ahead.append(makeGroup(sequence, SMALL));
    // Neither the turns of the two files nor their being full leaves a gap.
    const held = new Set([...store.sequences, ...readBack(dir)]);
    expect([...held].sort((a, b) => a - b)).toEqual(upTo(sequence));
  }
});

test("a store that hangs fills the journal to its bound; then a group waits, and all are stored in order", async () => {
  const dir = makeDir();
  const { store, ahead } = openOn(dir);
  let release = (): void => undefined;
  store.hold = new Promise((resolve) => {
    release = resolve;
  });
  let answered = 0;
  const all = (async () => {
    for (const sequence of upTo(200)) {
      await ahead.append(makeGroup(sequence, SMALL));
      answered = sequence;
    }
  })();
  await expect.poll(() => ahead.stagedBytes, { timeout: 20_000 }).toBeGreaterThan(4_200_000);
  const filled = answered;
  expect(filled).toBeLessThan(100);
  expect(readBack(dir)).toEqual(upTo(filled));
  release();
  await all;
  await ahead.settle();
  expect(store.sequences).toEqual(upTo(200));
});

test("where the store fails, a large group is refused and what was answered is kept, and stored when it works again", async () => {
  const dir = makeDir();
  const { store, ahead } = openOn(dir);
  store.fault = new Error("no space left on device");
  await ahead.append(makeGroup(1));
  await ahead.append(makeGroup(2));
  await expect(ahead.append(makeGroup(3, LARGE))).rejects.toThrow("no space");
  expect(readBack(dir)).toEqual([1, 2]);
  await ahead.append(makeGroup(3));
  store.fault = null;
  await ahead.append(makeGroup(4, LARGE));
  expect(store.sequences).toEqual(upTo(4));
});

test("without room for a journal everything goes to the store at once", async () => {
  const dir = makeDir();
  fs.mkdirSync(path.join(dir, "journal-b"));
  const { store, ahead } = openOn(dir);
  await ahead.append(makeGroup(1));
  expect(store.sequences).toEqual([1]);
});
