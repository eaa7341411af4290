import { expect, test } from "vitest";
import { eventsOfDay } from "@/lib/demo/demo-fleet";
import { batchesOfMonth, DEMO_DAYS } from "@/lib/demo/demo-month";

const DAY_MS = 86_400_000;
const nowMs = Date.UTC(2026, 10, 22, 12, 34, 56);

test("a month is every event of its days up to now, each once, in requests of at most 1,000", () => {
  const batches = [...batchesOfMonth(nowMs)];
  const sent = batches.flatMap(({ events }) => events);
  const days = Array.from({ length: DEMO_DAYS + 1 }, (_, i) =>
    new Date(nowMs - (DEMO_DAYS - i) * DAY_MS).toISOString().slice(0, 10),
  );
  const all = days.flatMap(eventsOfDay).filter((event) => Date.parse(event.timestamp) <= nowMs);
  expect(sent).toEqual(all);
  expect(sent.length).toBeLessThan(days.flatMap(eventsOfDay).length);
  expect(Math.max(...batches.map(({ events }) => events.length))).toBeLessThanOrEqual(1_000);
  expect(batches.map(({ daysDone }) => daysDone)).toEqual(
    batches.map(({ daysDone }) => daysDone).toSorted((a, b) => a - b),
  );
  expect(batches.at(-1)?.daysDone).toBe(DEMO_DAYS + 1);
});

test("sent again an hour later it only adds what came since", () => {
  const idsAt = (ms: number) =>
    new Set([...batchesOfMonth(ms, 2)].flatMap(({ events }) => events.map(({ id }) => id)));
  const before = idsAt(nowMs);
  const after = idsAt(nowMs + 3_600_000);
  expect([...before].filter((id) => !after.has(id))).toEqual([]);
  expect(after.size).toBeGreaterThan(before.size);
});
