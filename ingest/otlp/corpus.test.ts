import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { insertKey } from "@/db/queries/keys";
import { insertProject } from "@/db/queries/projects";
import { type CorpusCase, listCases } from "@/ingest/otlp/testing/corpus";
import { expectedOf } from "@/ingest/otlp/testing/expected-of";
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
    const { calls, totals } = expectedOf(one);
    const [found = NOTHING, ...again] = projects.map((id) => sums.get(id) ?? NOTHING);
    for (const other of again) expect(other, `${name}, backwards and twice`).toEqual(found);
    expect(found, name).toEqual({
      calls,
      input: totals.input_tokens_total,
      output: totals.output_tokens_total,
      cache_read: totals.cache_read_tokens,
      reasoning: totals.reasoning_tokens,
    });
  }
}, 300_000);
