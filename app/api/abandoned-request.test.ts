import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { isAbandoned } from "@/db/clickhouse/abandoned";
import { apiRoute } from "@/lib/api-route";
import { openTestStores } from "@/lib/testing/open-test-stores";
import { makeKey, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
let authorization: string;
beforeAll(async () => {
  runtime = await openTestStores();
  authorization = `Bearer ${(await makeKey(runtime.postgres.db, { scopes: ["read"] })).key}`;
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => runtime.close());

/** Questions that keep the store's every reader for two seconds, and when the first of them ended. */
function keepBusy() {
  let isFree = false;
  const asked = Array.from({ length: 3 }, () =>
    runtime.clickhouse.query("SELECT sleep(2) AS slept").finally(() => {
      isFree = true;
    }),
  );
  return { ended: Promise.all(asked), isFree: () => isFree };
}

const spec = { permission: "spend.read" as const, response: z.strictObject({ answer: z.int() }) };
const ran: string[] = [];
let waiting = 0;
const route = apiRoute(spec, async ({ runtime: { clickhouse }, request }) => {
  const asked = clickhouse.query("SELECT 1");
  waiting += 1;
  await asked;
  // A question that was dropped comes no further.
  ran.push(new URL(request.url).pathname);
  return { answer: 1 };
});

const call = (method: string, path: string, signal: AbortSignal) =>
  route(new Request(`http://x${path}`, { method, headers: { authorization }, signal }), {
    params: Promise.resolve({}),
  });

test("a question whose reader left while it waited gives its place up at once, and one that is waited for is answered", async () => {
  const logged = vi.spyOn(runtime.log, "error");
  const [gone, stays] = [new AbortController(), new AbortController()];
  const busy = keepBusy();
  const left = call("GET", "/left", gone.signal);
  const kept = call("GET", "/kept", stays.signal);
  const written = call("POST", "/written", gone.signal);
  await expect.poll(() => waiting).toBe(3);
  gone.abort();
  expect((await left).status).toBe(499);
  expect(busy.isFree()).toBe(false);
  expect(await (await kept).json()).toEqual({ answer: 1 });
  // Who asked for a change and left wants it done.
  expect(await (await written).json()).toEqual({ answer: 1 });
  await busy.ended;
  expect(ran.sort()).toEqual(["/kept", "/written"]);
  expect(logged).not.toHaveBeenCalled();
});

test("a reader who is gone already asks nothing, and a question that runs may end", async () => {
  const gone = AbortSignal.abort();
  const error = await runtime.clickhouse.query("SELECT 1", {}, {}, gone).catch((one) => one);
  expect(isAbandoned(error)).toBe(true);
  const leaving = new AbortController();
  const asked = runtime.clickhouse.query("SELECT 2 AS two", {}, {}, leaving.signal);
  expect(await asked).toEqual([{ two: 2 }]);
  leaving.abort();
  // Nothing is left behind in the line: the next one is answered.
  expect(await runtime.clickhouse.query("SELECT 3 AS three")).toEqual([{ three: 3 }]);
});
