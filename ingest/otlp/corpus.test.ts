import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { insertKey } from "@/db/queries/keys";
import { insertProject } from "@/db/queries/projects";
import { type CorpusCase, listCases } from "@/ingest/otlp/testing/corpus";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";
import { hashKey } from "@/lib/keys/hash-key";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

/** Sends a case's requests, in an order, into a project of its own. */
async function send(
  name: string,
  one: CorpusCase,
  order: (files: CorpusCase["files"]) => CorpusCase["files"],
) {
  const project = await insertProject(ingest.postgres.db, { slug: name, name });
  const key = `test_${name}`;
  await insertKey(ingest.postgres.db, {
    projectId: project?.id ?? "",
    name,
    hash: hashKey(key),
    prefix: key.slice(0, 9),
    scopes: ["ingest"],
    isInstallation: false,
  });
  for (const { signal, path, headers, body } of order(one.files)) {
    if (signal === "other") continue;
    const given = { ...headers, authorization: `Bearer ${key}` };
    const response = await fetch(`${ingest.url}${path}`, {
      method: "POST",
      headers: given,
      body: new Uint8Array(body),
    });
    expect(response.status).toBe(200);
  }
  return project?.id ?? "";
}

/** What the ledger counts of each project. */
async function sumAll() {
  await ingest.spans.linked();
  await ingest.calls.drained();
  const rows = await ingest.clickhouse.query(
    `SELECT project_id, toUInt32(count()) AS calls,
       toUInt32(sum(input_tokens)) AS input, toUInt32(sum(output_tokens)) AS output,
       toUInt32(sum(cache_read_tokens)) AS cache_read, toUInt32(sum(reasoning_tokens)) AS reasoning
     FROM llm_calls FINAL WHERE counted AND type = 'llm' GROUP BY project_id`,
  );
  return new Map(sumRows.parse(rows).map(({ project_id, ...sums }) => [project_id, sums]));
}
const count = z.int();
const sumRows = z.array(
  z.object({
    project_id: z.string(),
    calls: count,
    input: count,
    output: count,
    cache_read: count,
    reasoning: count,
  }),
);
const NOTHING = { calls: 0, input: 0, output: 0, cache_read: 0, reasoning: 0 };

/** Cases whose figures here are others than the truth's file has. */
const OTHERS: Record<string, string> = {
  "adk/agent-tool": "more is read than the file expects: from the answer's JSON text",
  "adk/multi-agent": "more is read than the file expects: from the answer's JSON text",
  "gemini-cli/error-429": "the failed attempt is told apart from the call that followed",
  "langsmith/langchain-in-traceable": "one of the two calls wrote over its parent's attributes",
  "openai-agents/native-handoff": "not OTLP",
  "openai-agents/native-tool": "not OTLP",
  "openinference/openai-errors": "the failed call makes no span",
  "otel-openai/stream-broken": "the broken stream makes no span",
  "voltagent/agent-tool": "the root's total is counted, which the file takes for unexplained",
  "voltagent/sub-agents": "the root's total is counted, which the file takes for unexplained",
};

test("what 16 real clients sent comes to what their provider answered, in any order, sent twice", async () => {
  const sent: { name: string; one: CorpusCase; projects: string[] }[] = [];
  for (const [index, one] of listCases().entries()) {
    const projects = [await send(`case-${index}`, one, (files) => files)];
    // A case of one request is the same backwards; that it comes twice is one of the others too.
    if (one.files.length > 1) {
      const backwards = (files: CorpusCase["files"]) => [...files, ...files].reverse();
      projects.push(await send(`case-${index}-twice`, one, backwards));
    }
    sent.push({ name: `${one.client}/${one.case}`, one, projects });
  }
  const sums = await sumAll();
  for (const { name, one, projects } of sent) {
    const { totals_recoverable: totals, double_counting: counts } = one.expected;
    const [found = NOTHING, ...again] = projects.map((id) => sums.get(id) ?? NOTHING);
    for (const other of again) expect(other, `${name}, backwards and twice`).toEqual(found);
    const expected = {
      calls: counts.correct_llm_call_count,
      input: totals.input_tokens_total,
      output: totals.output_tokens_total,
      cache_read: totals.cache_read_tokens,
      reasoning: totals.reasoning_tokens,
    };
    if (!(name in OTHERS)) expect(found, name).toEqual(expected);
  }
}, 300_000);
