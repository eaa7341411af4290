import { afterAll, beforeAll, expect, test } from "vitest";
import { insertLinkBatch } from "@/db/queries/link-batches";
import { llmSpan, otlpRequest, type TestSpan } from "@/ingest/otlp/testing/otlp-request";
import { correctAtOnce } from "@/ingest/testing/correct-at-once";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import type { LinkChange } from "@/lib/traces/link-change";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
  await ingest.changeProject({ keepsContent: true });
});
afterAll(() => ingest.close());

const AT = Date.UTC(2026, 10, 20, 10);
const USAGE = { input: 1000, output: 10 };
const ERASED = "(erased)";
const TABLES = ["llm_calls", "trace_spans", "call_contents"] as const;

async function send(...spans: TestSpan[]): Promise<void> {
  const { status } = await ingest.post(otlpRequest(spans), { path: "/v1/traces" });
  expect(status).toBe(200);
  await Promise.all([ingest.spans.linked(), ingest.contents.drained()]);
}

/** The stores that hold a text in any row, be it one that was replaced. */
async function storesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of TABLES) {
    const rows = await ingest.clickhouse.query(`SELECT * FROM ${table}`);
    if (JSON.stringify(rows).includes(text)) found.push(table);
  }
  return found;
}

async function namesOf(trace: string) {
  const rows = await ingest.rows(`trace_id = '${trace.padStart(32, "0")}'`);
  return rows.map(({ user, session, counted }) => ({ user, session, counted }));
}

test.each([
  ["user", "ada-lovelace", "ab1"],
  ["session", "s-of-b", "ab2"],
] as const)(
  "an erased %s is in no revision, no span and no prompt, and neither a late span nor linking brings it back",
  async (dimension, name, trace) => {
    const [user, session] = dimension === "user" ? [name, "s-of-a"] : ["ada-of-b", name];
    const said = { "gen_ai.completion": `Dear ${name}` };
    // One after another, so that each is linked by itself: the call gets its session first, its user later.
    await send(llmSpan({ trace, span: "3", parent: "2", atMs: AT + 20, attributes: said }, USAGE));
    const ofSession = { "gen_ai.conversation.id": session };
    await send({ trace, span: "2", parent: "1", atMs: AT + 10, attributes: ofSession });
    const metadata = { customer: name };
    const attributes = { "user.id": user, metadata: JSON.stringify(metadata) };
    await send({ trace, span: "1", atMs: AT, endMs: AT + 900, attributes });
    expect(await namesOf(trace)).toEqual([{ user, session, counted: true }]);
    expect(await storesWith(name)).toEqual([...TABLES]);

    await correctAtOnce(ingest, "erase", { dimension, value: name });
    const erased = { user: ERASED, session: ERASED, counted: true };
    expect(await namesOf(trace)).toEqual([erased]);
    // A user's session leads to them, and the other way round.
    for (const text of [user, session]) expect(await storesWith(text)).toEqual([]);

    // Nobody is named by it: what this process knew of its trace would name them.
    await send(llmSpan({ trace, span: "4", parent: "1", atMs: AT + 300 }, USAGE));
    for (const text of [user, session]) expect(await storesWith(text)).toEqual([]);
    // A new fact, as an event of that name would be.
    const again = { "user.id": user, "gen_ai.conversation.id": session };
    await send(
      llmSpan({ trace, span: "5", parent: "1", atMs: AT + 600, attributes: again }, USAGE),
    );
    const [first, ...others] = await namesOf(trace);
    expect(first).toEqual(erased);
    expect(others.at(-1)).toEqual({ user, session, counted: true });
    await correctAtOnce(ingest, "erase", { dimension, value: name });
    for (const text of [user, session]) expect(await storesWith(text)).toEqual([]);
  },
);

test("a name that a call had only until more of its trace came is erased too", async () => {
  const trace = "ab3";
  const by = (user: string) => ({ "user.id": user });
  await send(llmSpan({ trace, span: "2", atMs: AT }, USAGE));
  await send({ trace, span: "3", atMs: AT + 10, attributes: by("grace") });
  // Two are named now, so the call is nobody's.
  await send({ trace, span: "4", atMs: AT + 20, attributes: by("linus") });
  expect(await namesOf(trace)).toEqual([{ user: "", session: "", counted: true }]);
  await correctAtOnce(ingest, "erase", { dimension: "user", value: "grace" });
  expect(await storesWith("grace")).toEqual([]);
});

test("a batch of links that was cut short is finished before a name is erased, never after", async () => {
  const trace = "ab4";
  await send(llmSpan({ trace, span: "1", atMs: AT }, USAGE));
  const [call] = await ingest.rows(`trace_id = '${trace.padStart(32, "0")}'`);
  const tags = { agent: "", task: "", task_type: "", feature: "", user: "", session: "" };
  const change: LinkChange = {
    kind: "revise",
    bucket: AT / 1000,
    id: String(call?.id),
    revision: 0,
    before: { ...tags, counted: true },
    counted: true,
    linked: {
      ...tags,
      user: "barbara",
      linked_id: "",
      metadata: {},
      attempt: 0,
      missing_tags: [],
      sent_tags: {},
    },
  };
  await insertLinkBatch(ingest.postgres.db, {
    projectId: ingest.projectIds.default,
    changes: [change],
  });
  await correctAtOnce(ingest, "erase", { dimension: "user", value: "barbara" });
  await send(llmSpan({ trace, span: "2", parent: "1", atMs: AT + 10 }, USAGE));
  expect(await storesWith("barbara")).toEqual([]);
  expect((await namesOf(trace))[0]).toMatchObject({ user: ERASED });
});
