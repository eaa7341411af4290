import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { insertPrice } from "@/db/queries/prices";
import { createLog } from "@/lib/log";
import type { PriceableCall } from "@/lib/prices/price";
import { openPriceBookHolder } from "@/lib/prices/price-book-holder";
import { openTestPostgres } from "@/lib/testing/open-test-postgres";

let postgres: Awaited<ReturnType<typeof openTestPostgres>>;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres.close());

const call: PriceableCall = {
  projectId: "p",
  type: "llm",
  provider: "vllm",
  model: "own",
  timestampMs: Date.parse("2026-11-22T00:00:00Z"),
  serviceTier: null,
  inferenceGeo: null,
  usage: { input_tokens: 1_000_000 },
  usageSource: "reported",
  status: "ok",
  errorType: null,
  reportedCostFemtoUsd: null,
  trustsReportedCost: false,
};

test("a price set by another process counts within seconds, and an outage leaves the book in use", async () => {
  const { db } = postgres;
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const holder = await openPriceBookHolder({ db, log: createLog("silent") });
  try {
    expect(holder.priceCall(call).costFemtoUsd).toBeNull();
    await insertPrice(db, {
      provider: "vllm",
      model: "own",
      inputPerMtok: "3",
      effectiveFrom: new Date("2026-01-01T00:00:00Z"),
      note: "from elsewhere",
    });
    vi.advanceTimersByTime(5_000);
    // The poll is under way; a reload waits for it.
    await holder.reload();
    expect(holder.priceCall(call).costFemtoUsd).toBe(3n * 10n ** 15n);
    await postgres.close();
    await expect(holder.reload()).rejects.toThrow();
    expect(holder.priceCall(call).costFemtoUsd).toBe(3n * 10n ** 15n);
    postgres = await openTestPostgres();
  } finally {
    holder.close();
    vi.useRealTimers();
  }
});
