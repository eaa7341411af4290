import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { hashBytes } from "@/ingest/events/content-hash";
import { openSpool, type Spool } from "@/ingest/spool/open-spool";
import type { SpoolEvent } from "@/ingest/spool/spool-event";
import { createLog } from "@/lib/log";

const MIB = 1024 * 1024;
const log = createLog("silent");
const open = new Set<Spool>();
const dirs: string[] = [];

afterEach(async () => {
  for (const spool of open) await spool.close();
  open.clear();
  for (const dir of dirs.splice(0)) fs.rmSync(dir, { recursive: true, force: true });
});

function makeDir(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-spool-"));
  dirs.push(dir);
  return dir;
}

function openIn(dir: string, options: { maxBytes?: number; readers?: string[] } = {}): Spool {
  const { maxBytes = 64 * MIB, readers = ["calls"] } = options;
  const spool = openSpool({ dir, maxBytes, readers, log });
  open.add(spool);
  return spool;
}

async function close(spool: Spool): Promise<void> {
  open.delete(spool);
  await spool.close();
}

const row = (id: string, pad = ""): Buffer =>
  Buffer.from(`,"id":"${id}"${pad ? `,"name":"${pad}"` : ""}}\n`);
function hashOf(content: string): Buffer {
  const bytes = Buffer.alloc(content.length + 16);
  return hashBytes(bytes, bytes.write(content));
}
const bare = (id: string, pad = ""): SpoolEvent => ({ row: row(id, pad), identity: null });
const known = (id: string, content = "c", bucket = 900, projectId = "p"): SpoolEvent => ({
  row: row(id),
  identity: { projectId, bucket, id, contentHash: hashOf(content) },
});

const ALL = { events: 1e9, bytes: 1e9 };
interface Line {
  id: string;
  version: string;
  ingested_at: string;
}
async function linesOf(spool: Spool, reader = "calls"): Promise<Line[]> {
  await spool.settle();
  const block = await spool.reader(reader).read(ALL);
  return (block?.lines.trimEnd().split("\n") ?? []).map((line) => JSON.parse(line) as Line);
}
async function drain(spool: Spool, reader = "calls"): Promise<number> {
  await spool.settle();
  const block = await spool.reader(reader).read(ALL);
  if (block) await spool.reader(reader).advance(block.mark);
  return block?.events ?? 0;
}

test("what was appended is read in order, after a restart too", async () => {
  const dir = makeDir();
  const first = openIn(dir);
  await Promise.all([first.append([bare("a"), bare("b")]), first.append([bare("c")])]);
  await close(first);
  const again = openIn(dir);
  await again.append([bare("d")]);
  expect((await linesOf(again)).map((line) => line.id)).toEqual(["a", "b", "c", "d"]);
  expect(again.reader("calls").backlog()).toMatchObject({ events: 4 });
});

test("a block that was not marked as done is read again, one that was is not", async () => {
  const dir = makeDir();
  const spool = openIn(dir);
  await spool.append([bare("a")]);
  expect(await linesOf(spool)).toEqual(await linesOf(spool));
  await drain(spool);
  expect(await spool.reader("calls").read(ALL)).toBeNull();
  expect(spool.reader("calls").backlog()).toMatchObject({ events: 0, bytes: 0, oldestSeconds: 0 });
  await close(spool);
  const again = openIn(dir);
  expect(await again.reader("calls").read(ALL)).toBeNull();
  await again.append([bare("b")]);
  expect(again.reader("calls").backlog().events).toBe(1);
});

test("two readers each see every event, and a record is kept until both are done", async () => {
  const dir = makeDir();
  const one = openIn(dir);
  await one.append([bare("a")]);
  await drain(one);
  await one.append([bare("b")]);
  await close(one);
  // The reader that a later version adds starts with the oldest record there is.
  const two = openIn(dir, { readers: ["calls", "counters"] });
  expect((await linesOf(two, "counters")).map((line) => line.id)).toEqual(["b"]);
  expect(two.reader("counters").backlog().events).toBe(1);
  await drain(two);
  await two.append([bare("c")]);
  expect((await linesOf(two)).map((line) => line.id)).toEqual(["c"]);
  expect((await linesOf(two, "counters")).map((line) => line.id)).toEqual(["b", "c"]);
  expect(await drain(two, "counters")).toBe(2);
  expect(two.reader("calls").backlog().events).toBe(1);
});

test("a reader that was not registered is refused", () => {
  expect(() => openIn(makeDir()).reader("counters")).toThrow(RangeError);
});

test("a repeated event is spooled once; other content is a conflict, in a batch, across batches, after a restart", async () => {
  const dir = makeDir();
  const spool = openIn(dir);
  const batch = [known("a"), known("a"), known("a", "other"), known("b")];
  expect(await spool.append(batch)).toEqual(["accepted", "repeated", "conflict", "accepted"]);
  expect(await spool.append([known("a", "other"), known("a")])).toEqual(["conflict", "repeated"]);
  await drain(spool);
  await close(spool);
  const again = openIn(dir);
  expect(await again.append([known("a"), known("a", "x")])).toEqual(["repeated", "conflict"]);
  expect(await linesOf(again)).toEqual([]);
});

test("another project, bucket or id is another identity", async () => {
  const spool = openIn(makeDir());
  const batch = [known("a"), known("a", "c", 1800), known("a", "c", 900, "q"), known("aa")];
  expect(await spool.append(batch)).toEqual(Array(4).fill("accepted"));
});

test("of concurrent requests with one identity exactly one is spooled", async () => {
  const spool = openIn(makeDir());
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, i) => spool.append([known("a", `content ${i}`)])),
  );
  expect(outcomes.flat().filter((outcome) => outcome === "accepted")).toHaveLength(1);
  expect(outcomes.flat().filter((outcome) => outcome === "conflict")).toHaveLength(49);
  expect(await linesOf(spool)).toHaveLength(1);
});

test("however a stream with repeats is split and shuffled, each identity is spooled once", async () => {
  const spool = openIn(makeDir());
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.tuple(fc.nat(9), fc.nat(2)), { maxLength: 20 }), { maxLength: 6 }),
      async (requests) => {
        const prefix = `${run++}-`;
        const outcomes = await Promise.all(
          requests.map((ids) =>
            spool.append(ids.map(([id, content]) => known(`${prefix}${id}`, `${content}`))),
          ),
        );
        const ids = new Set(requests.flat().map(([id]) => `${prefix}${id}`));
        expect(outcomes.flat().filter((o) => o === "accepted")).toHaveLength(ids.size);
        expect(new Set((await linesOf(spool)).map((line) => line.id))).toEqual(ids);
        await drain(spool);
      },
    ),
    { numRuns: 30 },
  );
});

test("arrivals and versions are strictly ordered like the spool, across a restart and a clock that goes back", async () => {
  const dir = makeDir();
  const now = Date.now;
  try {
    const first = openIn(dir);
    await first.append(Array.from({ length: 100 }, (_, i) => bare(`a${i}`)));
    await close(first);
    Date.now = () => now() - 3_600_000;
    const again = openIn(dir);
    await again.append(Array.from({ length: 100 }, (_, i) => bare(`b${i}`)));
    const lines = await linesOf(again);
    expect(lines).toHaveLength(200);
    for (const [i, line] of lines.entries()) {
      const before = lines[i - 1];
      if (!before) continue;
      expect(line.ingested_at > before.ingested_at).toBe(true);
      expect(BigInt(line.version) < BigInt(before.version)).toBe(true);
    }
  } finally {
    Date.now = now;
  }
});

test("a full spool refuses with 503 and a time to come back, keeps what it has, and takes more once drained", async () => {
  const spool = openIn(makeDir(), { maxBytes: 4 * MIB });
  const pad = "x".repeat(1000);
  let taken = 0;
  const fill = async (): Promise<unknown> => {
    for (;;) {
      try {
        await spool.append(Array.from({ length: 100 }, (_, i) => bare(`${taken + i}`, pad)));
        taken += 100;
      } catch (error) {
        return error;
      }
    }
  };
  expect(await fill()).toMatchObject({ code: "unavailable", retryAfterSeconds: 10 });
  expect(spool.isWritable() || taken > 0).toBe(true);
  expect(await linesOf(spool)).toHaveLength(taken);
  await drain(spool);
  expect(await spool.append([bare("after")])).toEqual(["accepted"]);
});

test("a spool that is filled and drained for ever stays within its bytes on disk", async () => {
  const dir = makeDir();
  const spool = openIn(dir, { maxBytes: 8 * MIB });
  let id = 0;
  for (let round = 0; round < 40; round++) {
    const requests = Array.from({ length: 1 + (round % 7) }, (_, i) =>
      Array.from({ length: 1 + ((round * 37 + i * 101) % 500) }, () =>
        known(`${id++}`, "c", 900 * round),
      ).map((event) => ({ ...event, row: row(`${id}`, "y".repeat((id * 7) % 900)) })),
    );
    for (const events of requests) await spool.append(events);
    await drain(spool);
  }
  const fileBytes = fs.statSync(path.join(dir, "data.mdb")).size;
  expect(fileBytes).toBeLessThan(8 * MIB * 1.5);
});

test("a reader that is stuck fills the spool to its bound and no further, and its space is used again", async () => {
  const dir = makeDir();
  const maxBytes = 8 * MIB;
  const spool = openIn(dir, { maxBytes, readers: ["calls", "counters"] });
  const pad = "x".repeat(700);
  const fileBytes = () => fs.statSync(path.join(dir, "data.mdb")).size;
  let id = 0;
  const fill = async (): Promise<number> => {
    for (let taken = 0; ; taken += 100) {
      const events = Array.from({ length: 100 }, () => known(`${id++}`, "c", 900 * (id >> 10)));
      const padded = events.map((event) => ({ ...event, row: row(`${id}`, pad) }));
      try {
        await spool.append(padded);
      } catch {
        return taken;
      }
      await drain(spool, "calls");
    }
  };
  const first = await fill();
  expect(first).toBeGreaterThan(1000);
  expect(spool.reader("calls").backlog().events).toBe(0);
  expect(spool.reader("counters").backlog().events).toBe(first);
  expect(fileBytes()).toBeLessThan(maxBytes * 1.5);
  for (let round = 0; round < 3; round++) {
    await drain(spool, "counters");
    expect(await fill()).toBeGreaterThan(first / 2);
    expect(fileBytes()).toBeLessThan(maxBytes * 1.5);
  }
});

test("an identity index at its bound forgets the oldest buckets and still takes every event", async () => {
  const spool = openIn(makeDir(), { maxBytes: 16 * MIB });
  const perBucket = 2_000;
  for (let bucket = 0; bucket < 40; bucket++) {
    const events = Array.from({ length: perBucket }, (_, i) => known(`id-${i}`, "c", 900 * bucket));
    expect(new Set(await spool.append(events))).toEqual(new Set(["accepted"]));
    await drain(spool);
  }
  expect(await spool.append([known("id-0", "other", 900 * 39)])).toEqual(["conflict"]);
  expect(await spool.append([known("id-0", "other", 0)])).toEqual(["accepted"]);
});

test("what is set aside is kept with its reason, with the mark, across a restart", async () => {
  const dir = makeDir();
  const spool = openIn(dir);
  await spool.append([bare("a")]);
  await spool.settle();
  const block = await spool.reader("calls").read(ALL);
  const aside = {
    kind: "poisoned" as const,
    reader: "calls",
    reason: "refused",
    setAsideAtMs: 1,
    line: block?.lines ?? "",
    isCounted: true,
  };
  if (block) await spool.reader("calls").advance(block.mark, [aside]);
  await close(spool);
  const again = openIn(dir);
  expect(again.setAside.list(10)).toEqual([{ key: 1, entry: aside }]);
  expect(again.reader("calls").backlog().events).toBe(0);
});

test("an empty spool is fresh to now, a waiting event holds that back", async () => {
  const spool = openIn(makeDir());
  const before = Date.now();
  expect(spool.reader("calls").backlog().freshToMs).toBeGreaterThanOrEqual(before);
  await spool.append([bare("a")]);
  const { freshToMs, oldestSeconds } = spool.reader("calls").backlog();
  const [line] = await linesOf(spool);
  expect(freshToMs).toBe(Math.floor(Date.parse(`${line?.ingested_at.replace(" ", "T")}Z`)));
  expect(oldestSeconds).toBeGreaterThanOrEqual(0);
});

/** The folder as it is at this moment: what a process that is killed now leaves. */
function copyOf(dir: string): string {
  const copy = makeDir();
  fs.cpSync(dir, copy, { recursive: true });
  fs.rmSync(path.join(copy, "lock.mdb"), { force: true });
  return copy;
}

test("killed at any moment, it holds every answered event once, in order, with its identity", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(9), fc.boolean()), {
        minLength: 1,
        maxLength: 12,
      }),
      async (requests) => {
        const dir = makeDir();
        const spool = openIn(dir);
        const answered: string[] = [];
        for (const [i, [events, size, isSettled]] of requests.entries()) {
          const ids = Array.from({ length: events }, (_, at) => `${i}-${at}`);
          // Some of them too large for the journal.
          const pad = size === 9 ? "x".repeat(40_000) : "";
          await spool.append(ids.map((id) => ({ ...known(id), row: row(id, pad) })));
          answered.push(...ids);
          if (isSettled) await spool.settle();
        }
        const copy = copyOf(dir);
        await close(spool);
        for (const folder of [copy, dir]) {
          const again = openIn(folder);
          expect((await linesOf(again)).map((line) => line.id)).toEqual(answered);
          expect(again.reader("calls").backlog().events).toBe(answered.length);
          const [id = ""] = answered.slice(-1);
          expect(await again.append([known(id), known(id, "x")])).toEqual(["repeated", "conflict"]);
          await again.append([known("after")]);
          const lines = await linesOf(again);
          expect(lines.at(-1)?.id).toBe("after");
          const arrivals = lines.map((line) => line.ingested_at);
          expect(arrivals).toEqual([...new Set(arrivals)].sort());
          await close(again);
        }
      },
    ),
    { numRuns: 15 },
  );
});

test("what was read before a process died does not come again with the journal it left", async () => {
  const dir = makeDir();
  const spool = openIn(dir);
  await spool.append([known("a")]);
  await drain(spool);
  const copy = copyOf(dir);
  const again = openIn(copy);
  expect(await linesOf(again)).toEqual([]);
  await again.append([known("b")]);
  expect((await linesOf(again)).map((line) => line.id)).toEqual(["b"]);
});

test("what was said in a call survives in the journal with its event", async () => {
  const dir = makeDir();
  const spool = openIn(dir);
  const content = Buffer.from(',"said":"hello"}\n');
  await spool.append([{ ...known("a"), content }]);
  const again = openIn(copyOf(dir));
  const block = again.contents.read({ rows: 10, bytes: 1e6 });
  expect(JSON.parse(block?.lines ?? "")).toMatchObject({ said: "hello" });
});
