import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
let key: string;
beforeAll(async () => {
  ingest = await openTestIngest();
  key = await ingest.makeKey({ scopes: ["guard"] });
});
afterAll(() => ingest.close());

async function ask(query: string, as = key) {
  const answer = await ingest.post(null, { path: "/v1/prices", method: "GET", query, key: as });
  return { ...answer, told: answer.body as unknown as Record<string, unknown> };
}

test("a model's dearest prices by class, of the length that is asked for; none for a model that has none", async () => {
  const { status, told } = await ask("?provider=openai&model=gpt-4o");
  expect(status).toBe(200);
  expect(told.prices).toMatchObject({ input_per_mtok: "2.5", output_per_mtok: "10" });
  const inputOf = ({ prices }: Record<string, unknown>) =>
    Number((prices as { input_per_mtok: string }).input_per_mtok);
  const short = await ask("?provider=google&model=gemini-2.5-pro&input_tokens=1000");
  const long = await ask("?provider=google&model=gemini-2.5-pro&input_tokens=300000");
  expect(inputOf(long.told)).toBeGreaterThan(inputOf(short.told));
  expect((await ask("?provider=nobody&model=nothing")).told.prices).toBeNull();
});

test("faults of the query are told by name, and the scope guard is needed", async () => {
  for (const query of [
    "",
    "?model=a&model=b",
    "?model=a&input_tokens=-1",
    "?model=a&input_tokens=x",
  ]) {
    expect((await ask(query)).status, query).toBe(400);
  }
  expect((await ask("?model=a&modle=b")).body.errors).toMatchObject([{ path: "modle" }]);
  expect((await ask("?model=a", await ingest.makeKey({ scopes: ["read"] }))).status).toBe(403);
});
