import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Api, ApiRequest } from "../api.ts";
import type { Answer } from "../platform/platform.ts";
import { createRecorder } from "./recorder.ts";
import { createSender, type Sender } from "./sender.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Reply = number | "broken" | Partial<Answer>;

interface FarEnd {
  api: Api;
  /** Ids of each request, in order. */
  requests: string[][];
  /** Ids that it took, in order. */
  taken: string[];
}

/** The network's far end. @param reply by the number of the request, from 0 on; undefined: it takes all */
function openFarEnd(reply: (index: number, ids: string[]) => Reply | undefined): FarEnd {
  const requests: string[][] = [];
  const taken: string[] = [];
  const ask = async ({ body = "" }: ApiRequest): Promise<Answer> => {
    const { events } = JSON.parse(body) as { events: { id: string }[] };
    const ids = events.map(({ id }) => id);
    requests.push(ids);
    const said = reply(requests.length - 1, ids);
    if (said === "broken") throw new Error("ECONNRESET");
    const answer = { status: 202, header: () => null, text: "{}" };
    if (typeof said === "number") return { ...answer, status: said };
    if (!said?.status) taken.push(...ids);
    return { ...answer, ...said };
  };
  const open = () => Promise.reject(new Error("no stream"));
  return { api: { ask, open }, requests, taken };
}

const send = (sender: Sender, count: number) => {
  const recorder = createRecorder(sender, "s", "e");
  for (let index = 0; index < count; index++)
    recorder.record({ type: "tool", timestamp: "2026-11-23T07:00:00Z", name: `n${index}` });
};
const idsTo = (count: number) => Array.from({ length: count }, (_, index) => `e-${index + 1}`);
const openSender = (api: Api, more: object = {}) =>
  createSender(api, { path: "/v1/events", list: "events", ...more });

test("whatever breaks, every event arrives, in order, under the id that it had", async () => {
  const fault = fc.constantFrom<Reply>("broken", 408, 429, 500, 503, 404, 401);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 6 }),
      fc.integer({ min: 1, max: 250 }),
      async (faults, count) => {
        const far = openFarEnd((index) => faults[index]);
        const sender = openSender(far.api);
        send(sender, count);
        await vi.advanceTimersByTimeAsync(600_000);
        expect(far.taken).toEqual(idsTo(count));
        expect(sender.status()).toMatchObject({
          queued: 0,
          queuedBytes: 0,
          accepted: count,
          dropped: 0,
        });
        expect(sender.settledUpTo()).toBe(count);
        expect(far.requests.every((ids) => ids.length <= 100)).toBe(true);
        sender.close();
      },
    ),
    { numRuns: 40 },
  );
});

test("a server that says when to come back is not asked before", async () => {
  const wait = { status: 429, header: (name: string) => (name === "retry-after" ? "20" : null) };
  const far = openFarEnd((index) => (index === 0 ? wait : undefined));
  const sender = openSender(far.api);
  send(sender, 1);
  await vi.advanceTimersByTimeAsync(19_000);
  expect(far.requests).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(far.taken).toEqual(["e-1"]);
});

test("a batch that is too large is halved until it fits; one event that is too large alone is dropped by its number", async () => {
  const far = openFarEnd((_, ids) =>
    ids.length > 7 || ids.includes("e-9") ? { status: 413 } : undefined,
  );
  const sender = openSender(far.api);
  send(sender, 40);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(far.taken).toEqual(idsTo(40).filter((id) => id !== "e-9"));
  expect(sender.status()).toMatchObject({ accepted: 39, dropped: 1, droppedSequences: [9] });
});

test("what the server rejects is dropped by its number and told, what conflicts is counted; the rest is taken", async () => {
  const result = {
    accepted: 1,
    rejected: [{ index: 1, errors: [{ path: "model", message: "is required" }] }],
    conflicts: [{ index: 2 }],
  };
  const far = openFarEnd(() => ({ text: JSON.stringify(result) }));
  const sender = openSender(far.api);
  send(sender, 3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sender.status()).toMatchObject({
    accepted: 1,
    conflicts: 1,
    dropped: 1,
    droppedSequences: [2],
    lastError: '[{"path":"model","message":"is required"}]',
  });
});

test("a full queue drops the new ones, counts them, and the numbers show the gap", async () => {
  const far = openFarEnd(() => "broken");
  const sender = openSender(far.api, { mostItems: 3 });
  send(sender, 5);
  expect(sender.status()).toMatchObject({ queued: 3, dropped: 2, droppedSequences: [4, 5] });
  const small = openSender(far.api, { mostBytes: 250 });
  send(small, 5);
  expect(small.status().queuedBytes).toBeLessThanOrEqual(250);
  expect(small.status().dropped).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(sender.rest().map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

test("to flush is to try until it is sent or the time is over", async () => {
  const far = openFarEnd((index) => (index < 3 ? 503 : undefined));
  const sender = openSender(far.api);
  send(sender, 5);
  const flushed = sender.flush(10_000);
  await vi.advanceTimersByTimeAsync(10_000);
  await flushed;
  expect(far.taken).toEqual(idsTo(5));
  const away = openFarEnd(() => "broken");
  const stuck = openSender(away.api);
  send(stuck, 1);
  const given = stuck.flush(2_000);
  await vi.advanceTimersByTimeAsync(2_000);
  await given;
  expect(stuck.rest()).toHaveLength(1);
});

test("an event that cannot be written whole goes without what was said", () => {
  const far = openFarEnd(() => "broken");
  const sender = openSender(far.api);
  const recorder = createRecorder(sender, "s", "e");
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const event = { type: "llm" as const, timestamp: "2026-11-23T07:00:00Z", model: "m" };
  recorder.record({ ...event, content: { messages: circular } });
  recorder.record({ ...event, content: { messages: "x".repeat(2_000_000) } });
  for (const { text } of sender.rest()) expect(JSON.parse(text)).not.toHaveProperty("content");
  expect(sender.rest()).toHaveLength(2);
});
