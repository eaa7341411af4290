import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCallRow, toLines } from "@/db/clickhouse/testing/make-call-row";
import { openTestClickHouse } from "@/db/clickhouse/testing/open-test-clickhouse";
import { createLog } from "@/lib/log";
import { parseQuery, readQuery } from "@/lib/request-input";
import { GenerationNumbers } from "@/lib/rollups/generation-numbers";
import { rebuildRollups } from "@/lib/rollups/rebuild-rollups";
import { spendQuerySchema } from "@/lib/spend/spend-schemas";
import { sumSpend } from "@/lib/spend/sum-spend";
import { propertyRuns } from "@/lib/testing/property-runs";

let store: Awaited<ReturnType<typeof openTestClickHouse>>;
let projectNumber = 0;
const numbers = new GenerationNumbers();
const START = Date.parse("2026-11-09T22:00:00Z");
const NOW = Date.parse("2026-11-13T00:00:00Z");

beforeAll(async () => {
  store = await openTestClickHouse();
});
afterAll(() => store.close());

/** A cell of calls: some buckets of one feature, with as many calls as values on both sides of 128. */
const cell = fc.record({
  bucket: fc.integer({ min: 0, max: 150 }),
  feature: fc.constantFrom("a", "b"),
  calls: fc.constantFrom(1, 2, 60, 127, 128, 129, 300),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

/** From below a microsecond to months, some of them the same; every seventh was not measured. */
const durationOf = (seed: number, n: number) =>
  n % 7 === 3 ? null : ((seed * (n + 1)) % 9_973) ** ((seed % 4) + 1) / (n % 3 === 0 ? 1e6 : 10);

test("percentiles from rollups are the raw ones, byte for byte, on both sides of 128 values", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { minLength: 2, maxLength: 8 }), async (cells) => {
      projectNumber += 1;
      const projectId = `latency-${projectNumber}`;
      const rows = cells.flatMap(({ bucket, feature, calls, seed }, index) =>
        Array.from({ length: calls }, (_, n) =>
          makeCallRow({
            project_id: projectId,
            id: `${index}-${n}`,
            atMs: START + bucket * 900_000 + n,
            feature,
            duration_ms: durationOf(seed, n),
            time_to_first_token_ms: n % 2 === 0 ? n : null,
          }),
        ),
      );
      await store.clickhouse.insertLines("llm_calls", toLines(rows));
      await store.clickhouse.command(
        `INSERT INTO bucket_changes (project_id, bucket, writer, change)
         SELECT DISTINCT project_id, bucket, 1, 1 FROM llm_calls WHERE project_id = {projectId:String}`,
        { projectId },
      );
      const { days } = await rebuildRollups({
        clickhouse: store.clickhouse,
        log: createLog("silent"),
        numbers,
        now: () => NOW,
        graceMs: 0,
        debounceMs: -3_600_000,
        mustStop: () => false,
      });
      expect(days).toBeGreaterThan(0);
      const ask = async (query: string) => {
        const parsed = parseQuery(spendQuerySchema, readQuery(new URL(`http://x/?${query}`)));
        const answer = await sumSpend(
          {
            clickhouse: store.clickhouse,
            projects: [{ id: projectId, slug: projectId }],
            freshness: null,
            nowMs: NOW,
            organisationTimeZone: "UTC",
          },
          parsed,
        );
        return JSON.stringify({ ...answer, as_of: null });
      };
      for (const query of [
        "",
        "interval=day",
        "interval=hour&group_by=feature",
        "group_by=feature&limit=1",
      ]) {
        // No rollup knows the type, and all are of this one: only the calls can answer.
        const raw = await ask(`${query}&filter.type=llm`);
        expect(await ask(query)).toBe(raw);
      }
      // Where groups are left out the engine finishes the percentiles, else this process does: to the same bytes.
      const totalOf = async (query: string) => JSON.parse(await ask(query)).total;
      expect(await totalOf("group_by=feature&limit=1")).toEqual(await totalOf("group_by=feature"));
    }),
    { numRuns: propertyRuns(8) },
  );
});
