import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "@/ingest/testing/open-ingest";

let ingest: TestIngest;
beforeAll(async () => {
  ingest = await openTestIngest();
});
afterAll(() => ingest.close());

const EVENT = {
  provider: "anthropic",
  model: "claude-sonnet-4-5-20250929",
  usage: { input_tokens: 1200, output_tokens: 350 },
};

test("an event is accepted, priced and queryable", async () => {
  const event = { ...EVENT, id: "first", timestamp: "2025-11-03T09:15:00Z", feature: "search" };
  const { status, body } = await ingest.post(event);
  expect({ status, body }).toEqual({
    status: 202,
    body: { accepted: 1, rejected: [], conflicts: [] },
  });
  const [row] = await ingest.rows("id = 'first'");
  expect(row).toMatchObject({ cost_usd: "0.00885", cost_status: "priced", feature: "search" });
});
