import fc from "fast-check";
import { expect, test } from "vitest";
import { sumRows } from "@/ingest/counters/sum-rows";
import { formatUsd } from "@/lib/money";

const PROJECTS = ["0e2f1c80-0000-4000-8000-000000000001", "0e2f1c80-0000-4000-8000-000000000002"];

const rowArbitrary = fc.record({
  project_id: fc.constantFrom(...PROJECTS),
  name: fc.string(),
  metadata: fc.dictionary(fc.constantFrom("a", "bucket", "cost_usd", "id"), fc.string()),
  bucket: fc.nat(3).map((n) => n * 900),
  id: fc.oneof(fc.string(), fc.constant(',"cost_usd":"9"')),
  cost_usd: fc.option(fc.bigInt(0n, 10n ** 31n), { nil: undefined }),
});

test("sums by project and bucket are exact, whatever a sender calls its tags", () => {
  fc.assert(
    fc.property(fc.array(rowArbitrary), fc.constantFrom(1 as const, -1 as const), (rows, sign) => {
      const lines = rows
        .map(({ cost_usd, ...row }) => {
          const cost = cost_usd === undefined ? {} : { cost_usd: formatUsd(cost_usd) };
          return `${JSON.stringify({ version: "1", ...row, cost_status: "priced", ...cost })}\n`;
        })
        .join("");
      const expected = PROJECTS.flatMap((projectId) =>
        [0, 900, 1800, 2700].flatMap((bucket) => {
          const own = rows.filter((r) => r.project_id === projectId && r.bucket === bucket);
          const known = own.map((row) => row.cost_usd).filter((cost) => cost !== undefined);
          const cost = known.reduce((sum, usd) => sum + usd, 0n) * BigInt(sign);
          const unknownCosts = (own.length - known.length) * sign || 0;
          const events = own.length * sign;
          const change = { projectId, bucket, events, costUsd: formatUsd(cost), unknownCosts };
          return own.length > 0 ? [change] : [];
        }),
      );
      const { changes, brokenRows } = sumRows(lines, sign);
      expect(brokenRows).toBe(0);
      expect(changes).toHaveLength(expected.length);
      expect(changes).toEqual(expect.arrayContaining(expected));
    }),
  );
});

test("a row that cannot be read is left out and said, the others are counted", () => {
  const good = `{"project_id":"${PROJECTS[0]}","bucket":900,"cost_usd":"0.5"}\n`;
  const broken = [
    "no JSON\n",
    '{"project_id":"default","bucket":900,"cost_usd":"1"}\n',
    `{"project_id":"${PROJECTS[0]}","cost_usd":"1"}\n`,
    `{"project_id":"${PROJECTS[0]}","bucket":900,"cost_usd":"a lot"}\n`,
  ];
  const { changes, brokenRows } = sumRows([good, ...broken, good].join(""));
  expect(brokenRows).toBe(4);
  expect(changes).toMatchObject([{ events: 2, costUsd: "1", unknownCosts: 0 }]);
});
