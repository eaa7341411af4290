import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import type { Actor } from "@/lib/auth/actor";
import { isOutlayError } from "@/lib/errors";
import { createPrice } from "@/lib/prices/create-price";
import type { PriceableCall } from "@/lib/prices/price";
import { createPriceSchema } from "@/lib/prices/price-schemas";
import { openProposedBook } from "@/lib/prices/propose-price";
import { readNewPrice } from "@/lib/prices/read-new-price";
import { propertyRuns } from "@/lib/testing/property-runs";
import { makeProject, openTestRuntime, type TestRuntime } from "@/lib/testing/test-runtime";

let runtime: TestRuntime;
let project: Awaited<ReturnType<typeof makeProject>>;
beforeAll(async () => {
  runtime = await openTestRuntime();
  project = await makeProject(runtime.postgres.db);
});
afterAll(() => runtime.close());

const SYSTEM: Actor = { type: "system", id: "test", name: "test" };
const as = () => ({
  actor: SYSTEM,
  db: runtime.postgres.db,
  requestId: null,
  prices: runtime.prices,
});
let models = 0;

const DAYS = Array.from({ length: 6 }, (_, n) => new Date(Date.UTC(2026, n, 1)).toISOString());
const day = fc.integer({ min: 0, max: 5 });
/** Few names and times, so that prices of one name meet. */
const drawn = fc.record({
  isOwn: fc.boolean(),
  spelling: fc.constantFrom("model", "MODEL"),
  tier: fc.constantFrom(null, "batch" as const),
  region: fc.constantFrom(null, "eu", "EU"),
  context_over: fc.constantFrom(null, 100),
  from: day,
  days: fc.option(fc.integer({ min: 1, max: 3 })),
  maps_to: fc.constantFrom(null, "openai/gpt-4o"),
  cents: fc.integer({ min: 0, max: 500 }),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

function toInput(one: Drawn, number: number) {
  const { isOwn, spelling, from, days, cents, ...names } = one;
  const input: z.input<typeof createPriceSchema> = {
    ...names,
    project: isOwn ? project.slug : null,
    provider: "vLLM",
    model: `${spelling}-${number}`,
    effective_from: DAYS[from],
    effective_to: days === null ? null : (DAYS[from + days] ?? null),
    input_per_mtok: `${cents}.25`,
    note: "a draw",
  };
  return createPriceSchema.parse(input);
}

/** A call of each time, tier, place and length that the prices tell apart. */
function callsOf(number: number): PriceableCall[] {
  const choices = DAYS.flatMap((at) =>
    [null, "batch"].flatMap((serviceTier) =>
      [null, "eu"].flatMap((inferenceGeo) =>
        [50, 500].map((input) => ({ at, serviceTier, inferenceGeo, input })),
      ),
    ),
  );
  return choices.map(({ at, serviceTier, inferenceGeo, input }) => ({
    projectId: project.id,
    type: "llm",
    provider: "vllm",
    model: `model-${number}`,
    timestampMs: Date.parse(at) + 3_600_000,
    serviceTier,
    inferenceGeo,
    usage: { input_tokens: input, output_tokens: 5 },
    usageSource: "reported",
    status: "ok",
    errorType: null,
    reportedCostFemtoUsd: null,
    trustsReportedCost: false,
  }));
}

const codeOf = (error: unknown) => (isOutlayError(error) ? error.code : String(error));

test("a proposed price costs what it costs once it is added, or is refused as adding it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(drawn, { minLength: 1, maxLength: 5 }), async (draws) => {
      models += 1;
      for (const one of draws) {
        const input = toInput(one, models);
        const proposal = readNewPrice(input, input.project ? project.id : null);
        const proposed = await openProposedBook(runtime.postgres.db, proposal).catch(codeOf);
        const added = await createPrice(as(), input).then(() => "added", codeOf);
        if (typeof proposed === "string") {
          expect(proposed).toBe(added);
          continue;
        }
        expect(added).toBe("added");
        // By whose name a price is known is all that differs: one has no id yet.
        const costsOf = (book: Pick<typeof proposed, "priceCall">) =>
          callsOf(models).map((call) => {
            const { price, ...cost } = book.priceCall(call);
            return { ...cost, lines: price?.lines ?? null };
          });
        expect(costsOf(proposed)).toEqual(costsOf(runtime.prices));
      }
    }),
    { numRuns: propertyRuns(30) },
  );
});

test("a mapping to what is not in the catalogue is refused by name, here and when it is added", async () => {
  const input = createPriceSchema.parse({
    provider: "vllm",
    model: "nobody-knows-it",
    maps_to: "openai/no-such-model",
    note: "a slip",
  });
  expect(() => readNewPrice(input, null)).toThrow("names no model of the catalogue");
  await expect(createPrice(as(), input)).rejects.toMatchObject({
    code: "unprocessable",
    errors: [expect.objectContaining({ path: "maps_to" })],
  });
});
