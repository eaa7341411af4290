import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SetAside, type SetAsideEntry } from "@/ingest/spool/set-aside";
import { openSpoolStore, type SpoolStore } from "@/ingest/spool/spool-store";

let dir: string;
let store: SpoolStore;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "outlay-aside-"));
  store = openSpoolStore(dir);
});
afterEach(async () => {
  await store.close();
  fs.rmSync(dir, { recursive: true, force: true });
});
async function reopen(): Promise<SetAside> {
  await store.close();
  store = openSpoolStore(dir);
  return new SetAside(store);
}

const sample = (eventId: string, bytes = 10): SetAsideEntry => ({
  kind: "rejected",
  projectId: "p",
  apiKeyId: "k",
  fingerprint: "f",
  eventId,
  errors: [],
  body: "x".repeat(bytes),
  isTruncated: false,
  isContentDropped: false,
  receivedAtMs: 1,
});
const poisoned: SetAsideEntry = {
  kind: "poisoned",
  reader: "calls",
  reason: "refused",
  setAsideAtMs: 1,
  line: "{}\n",
  isCounted: true,
};
const counts: SetAsideEntry = { kind: "counts", counts: [] };
const namesOf = (aside: SetAside) =>
  aside.list(1000).map(({ entry }) => ("eventId" in entry ? entry.eventId : entry.kind));

test("past a bound the oldest samples go; poisoned events and counts stay", async () => {
  let aside = new SetAside(store);
  const bounds = { samples: 3, bytes: 1e9 };
  await aside.add([sample("a"), poisoned, counts, sample("b")], bounds);
  await aside.add([sample("c"), sample("d"), sample("e")], bounds);
  // What is added is bounded with the next one: it is not in the store yet when the oldest are looked for.
  await aside.add([sample("f")], bounds);
  expect(namesOf(aside)).toEqual(["poisoned", "counts", "d", "e", "f"]);
  aside = await reopen();
  await aside.add([sample("g", 5000), sample("h", 5000)], { samples: 9, bytes: 6000 });
  await aside.add([sample("i")], { samples: 9, bytes: 6000 });
  expect(namesOf(aside)).toEqual(["poisoned", "counts", "h", "i"]);
});

test("numbers are never given twice, though every entry was moved and the process ended", async () => {
  const aside = new SetAside(store);
  await aside.add([sample("a"), sample("b")], { samples: 9, bytes: 1e9 });
  await aside.remove(aside.lastKey);
  expect(namesOf(aside)).toEqual([]);
  const again = await reopen();
  await again.add([sample("c")], { samples: 9, bytes: 1e9 });
  expect(again.list(10).map(({ key }) => key)).toEqual([3]);
});

test("an event that was set aside before the counters came is known to be in no counter", async () => {
  const old = { reader: "calls", reason: "refused", setAsideAtMs: 1, line: "{}\n" };
  await store.commit((run) => run(store.setAside.put(1, JSON.stringify(old))));
  const aside = await reopen();
  expect(aside.list(10)).toEqual([
    { key: 1, entry: { ...old, kind: "poisoned", isCounted: false } },
  ]);
  expect(aside.lastKey).toBe(1);
});
