import fc from "fast-check";
import { expect, test } from "vitest";
import { buildTree } from "@/lib/traces/build-tree";
import { measureCoordination } from "@/lib/traces/measure-coordination";
import { makeLedgerRow } from "@/lib/traces/testing/make-tree-input";

const call = fc.record({
  at: fc.integer({ min: 0, max: 20 }),
  durationMs: fc.constantFrom(null, 0, 500, 3_000),
  agent: fc.constantFrom("", "lead", "a", "b"),
  traceId: fc.constantFrom("t", "u"),
  input: fc.integer({ min: 0, max: 200 }),
  cached: fc.integer({ min: 0, max: 200 }),
  output: fc.integer({ min: 0, max: 100 }),
});

test("what sub-agents re-read is what the formula says, within fresh input and what others wrote, in any order", () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 15 }), (calls) => {
      const rows = calls.map(({ input, cached, output, ...given }, n) =>
        makeLedgerRow({
          ...{ id: String(n), ...given, inputRateFemto: 10n ** 6n },
          tokens: {
            input,
            cache_read: Math.min(cached, input),
            cache_write: 0,
            output,
            reasoning: 0,
          },
        }),
      );
      const found = measureCoordination(buildTree(rows, [], null));
      expect(measureCoordination(buildTree([...rows].reverse(), [], null))).toEqual(found);
      const endOf = (row: (typeof rows)[number]) => row.startUs + (row.durationMs ?? 0) * 1000;
      let expected = 0;
      for (const traceId of ["t", "u"]) {
        const own = rows.filter((row) => row.traceId === traceId);
        const byTime = [...own].sort(
          (x, y) => x.startUs - y.startUs || (`call:${x.id}@` < `call:${y.id}@` ? -1 : 1),
        );
        const lead = byTime.find(({ agent }) => agent !== "")?.agent ?? "";
        for (const row of own.filter(({ agent }) => agent !== "" && agent !== lead)) {
          const others = own.filter(
            (other) =>
              (other.agent || lead) !== row.agent &&
              endOf(other) <= row.startUs &&
              other.startUs < row.startUs,
          );
          const written = others.reduce((sum, { tokens }) => sum + (tokens?.output ?? 0), 0);
          const { input = 0, cache_read = 0 } = row.tokens ?? {};
          expected += Math.min(input - cache_read, written);
        }
      }
      expect(found.tokens).toBe(expected);
      expect(found.costFemto).toBe(BigInt(expected));
      expect([...found.byAgent.values()].reduce((sum, one) => sum + one, 0)).toBe(expected);
      expect(found.tokens).toBeLessThanOrEqual(found.inputTokens);
    }),
    { numRuns: 300 },
  );
});
