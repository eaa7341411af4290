import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const AT = new Date(Date.now() - 3_600_000).toISOString();
const call = (id: string, content: unknown, fields: Record<string, unknown> = {}) => {
  const usage = { input_tokens: 10, output_tokens: 2 };
  return { id, timestamp: AT, model: "gpt-4.1", usage, content, ...fields };
};

interface Kept {
  id: string;
  messages: string;
  completion: string;
  cut: string[];
  redacted: Record<string, number>;
}
async function contents(): Promise<Kept[]> {
  await ingest.contents.drained();
  const sql = "SELECT * FROM call_contents FINAL ORDER BY id";
  return (await ingest.clickhouse.query(sql)) as Kept[];
}

/** Whether a text is in any file of the data directory, whatever its form but a compressed one. */
function isOnDisk(text: string): boolean {
  const files = fs.readdirSync(ingest.dir, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .some((file) => readIfThere(path.join(file.parentPath, file.name))?.includes(text));
}

/** The engine's merges remove files while one looks. */
function readIfThere(file: string): Buffer | null {
  try {
    return fs.readFileSync(file);
  } catch {
    return null;
  }
}

it("what was said in a project that keeps none is nowhere on a disk, and in no row", async () => {
  const marker = "Zebra-7741-never-kept";
  const { status } = await ingest.post([call("none", { messages: [marker], completion: marker })]);
  expect(status).toBe(202);
  const [row] = await ingest.rows("id = 'none'");
  expect(row).toBeDefined();
  expect(JSON.stringify(row)).not.toContain(marker);
  expect(await contents()).toEqual([]);
  expect(isOnDisk(marker)).toBe(false);
});

it("a secret never reaches a disk, what is left is kept once, and never in the call's row", async () => {
  await ingest.changeProject({ keepsContent: true });
  const said = {
    messages: [{ role: "user", content: "Write to marker-9921@example.com, please" }],
    completion: "Done-marker-5512.",
  };
  for (let i = 0; i < 3; i++) await ingest.post([call("kept", said)]);
  // Spooled and not stored yet, or stored: neither may hold it.
  expect(isOnDisk("marker-9921@example.com")).toBe(false);
  const [kept, ...others] = await contents();
  expect(others).toEqual([]);
  expect(kept).toMatchObject({
    id: "kept",
    completion: '"Done-marker-5512."',
    redacted: { email: 1 },
  });
  expect(JSON.parse(kept?.messages ?? "")).toEqual([
    { role: "user", content: "Write to (redacted: email), please" },
  ]);
  expect(isOnDisk("marker-9921@example.com")).toBe(false);
  const [row] = await ingest.rows("id = 'kept'");
  expect(JSON.stringify(row)).not.toContain("marker-5512");
});

it("a conflict's prompt does not replace that of the event that came first", async () => {
  await ingest.post([call("first", { completion: "the first" })]);
  const { body } = await ingest.post([call("first", { completion: "the second" })]);
  expect(body.errors ?? body.conflicts).not.toHaveLength(0);
  const kept = (await contents()).filter(({ id }) => id === "first");
  expect(kept.map(({ completion }) => completion)).toEqual(['"the first"']);
});

it("an event without an id has its prompt under the id it was given", async () => {
  const { id: _, ...event } = call("", { completion: "nameless" }, { feature: "nameless" });
  await ingest.post([event]);
  const [row] = await ingest.rows("feature = 'nameless'");
  const kept = (await contents()).find(({ completion }) => completion === '"nameless"');
  expect(kept?.id).toBe(row?.id);
});

it("what would have expired already is not kept", async () => {
  await ingest.changeProject({ contentRetentionDays: 2 });
  const timestamp = new Date(Date.now() - 3 * 86_400_000).toISOString();
  await ingest.post([call("old", { completion: "old" }, { timestamp })]);
  expect((await contents()).filter(({ id }) => id === "old")).toEqual([]);
  expect(await ingest.rows("id = 'old'")).toHaveLength(1);
});

it("what a span says of a prompt is kept as an event's is, redacted, and a mapped tag is in its call", async () => {
  await ingest.changeProject({
    contentRetentionDays: 30,
    tagMapping: [{ tag: "feature", from: "resource", attribute: "service.name", override: false }],
  });
  const text = (value: string) => ({ stringValue: value });
  const startNs = `${Date.now() - 60_000}000000`;
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    name: "chat gpt-4.1",
    kind: 3,
    startTimeUnixNano: startNs,
    endTimeUnixNano: `${Date.now() - 59_000}000000`,
    attributes: [
      { key: "gen_ai.operation.name", value: text("chat") },
      { key: "gen_ai.response.model", value: text("gpt-4.1") },
      { key: "gen_ai.usage.input_tokens", value: { intValue: "12" } },
      { key: "gen_ai.usage.output_tokens", value: { intValue: "3" } },
      {
        key: "gen_ai.input.messages",
        value: text(
          '[{"role":"user","parts":[{"type":"text","content":"I am otlp-77@example.com"}]}]',
        ),
      },
    ],
  };
  const resource = { attributes: [{ key: "service.name", value: text("checkout") }] };
  const body = {
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "x" }, spans: [span] }] }],
  };
  const { status } = await ingest.post(body, { path: "/v1/traces" });
  expect(status).toBe(200);
  const [row] = await ingest.rows("trace_id = '0af7651916cd43dd8448eb211c80319c'");
  expect(row).toMatchObject({ feature: "checkout" });
  const kept = (await contents()).find(({ id }) => id === row?.id);
  expect(kept?.messages).toContain("I am (redacted: email)");
  expect(isOnDisk("otlp-77@example.com")).toBe(false);
});
