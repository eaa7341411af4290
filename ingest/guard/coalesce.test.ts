import { expect, test } from "vitest";
import { Coalesced } from "@/ingest/guard/coalesce";

/** Reads that end when the test says so, and what each read saw when it began. */
function makeReads() {
  const ends: (() => void)[] = [];
  let state = 0;
  return {
    ends,
    change: () => {
      state += 1;
    },
    read: () => {
      const seen = state;
      return new Promise<number>((resolve) => ends.push(() => resolve(seen)));
    },
  };
}

test("whoever comes during a read shares the next one, and is never answered by what was read before", async () => {
  const asked = new Coalesced<number>();
  const { ends, change, read } = makeReads();
  const first = asked.ask("a", read);
  change();
  const others = Array.from({ length: 100 }, () => asked.ask("a", read));
  expect(ends).toHaveLength(1);
  ends[0]?.();
  expect(await first).toBe(0);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.();
  expect(new Set(await Promise.all(others))).toEqual(new Set([1]));
  change();
  const last = asked.ask("a", read);
  await expect.poll(() => ends.length).toBe(3);
  ends[2]?.();
  expect(await last).toBe(2);
});

test("a read that fails is told to those who share it, and the next one begins anew", async () => {
  const asked = new Coalesced<number>();
  let tries = 0;
  const read = () => {
    tries += 1;
    return tries === 2 ? Promise.reject(new Error("no")) : Promise.resolve(tries);
  };
  const results = await Promise.allSettled([
    asked.ask("a", read),
    asked.ask("a", read),
    asked.ask("a", read),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(await asked.ask("a", read)).toBe(3);
  expect(await asked.ask("b", read)).toBe(4);
});
