import { afterAll, beforeAll, expect, test } from "vitest";
import { toBucket } from "@/db/clickhouse/llm-call-row";
import { insertBucketChanges } from "@/db/clickhouse/queries/insert-bucket-changes";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { findFirstAndLastEvent } from "@/lib/calls/find-first-and-last-event";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
const at = (text: string) => Date.parse(text);
beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

async function write(projectId: string, times: number[], isRecorded: boolean): Promise<void> {
  const rows = times.map((atMs) => makeCallRow({ project_id: projectId, id: String(atMs), atMs }));
  await store.clickhouse.insertLines("llm_calls", toLines(rows));
  const buckets = times.map((atMs) => ({ projectId, bucket: toBucket(atMs * 1000) }));
  if (isRecorded)
    await insertBucketChanges(store.clickhouse, buckets, { writer: "1", number: Date.now() });
}

const find = (...ids: string[]) =>
  findFirstAndLastEvent(
    store.clickhouse,
    ids.map((id) => ({ id, sealedBefore: null })),
  );

test("the oldest and newest event of all asked projects are told to the microsecond, and of no other", async () => {
  await write(
    "a",
    [at("2026-11-10T12:01:00Z"), at("2026-11-10T12:02:00Z"), at("2026-11-12T08:00:00.123Z")],
    true,
  );
  await write("b", [at("2026-11-11T00:00:00Z")], true);
  await write("c", [at("2020-01-01T00:00:00Z")], true);
  const span = await find("a", "b");
  expect(Date.parse(span.first_event_at ?? "")).toBe(at("2026-11-10T12:01:00Z"));
  expect(Date.parse(span.last_event_at ?? "")).toBe(at("2026-11-12T08:00:00.123Z"));
  expect(await find("nobody")).toEqual({ first_event_at: null, last_event_at: null });
});

test("a first event whose change is not recorded yet is told, and where the oldest calls are gone the next ones are", async () => {
  await write("new", [at("2026-11-13T00:00:00Z")], false);
  expect(Date.parse((await find("new")).first_event_at ?? "")).toBe(at("2026-11-13T00:00:00Z"));
  await write("gone", [at("2026-11-10T12:00:00Z"), at("2026-11-14T00:00:00Z")], true);
  await store.clickhouse.command(
    "ALTER TABLE llm_calls DELETE WHERE project_id = 'gone' AND ts < '2026-11-11 00:00:00'",
    {},
    { mutations_sync: 1 },
  );
  expect(Date.parse((await find("gone")).first_event_at ?? "")).toBe(at("2026-11-14T00:00:00Z"));
});
