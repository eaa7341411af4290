import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseTags, prepareCoverage } from "@/components/spend/prepare-coverage";
import { figuresOf } from "@/components/spend/testing/figures-of";
import { formatUsd } from "@/lib/money";

const sum = (femtoUsd: bigint, calls = 1) => figuresOf({ cost_usd: formatUsd(femtoUsd), calls });

test("all is said only where nothing is untagged, and none only where nothing is tagged", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 22n }),
      fc.bigInt({ min: 0n, max: 10n ** 22n }),
      (tagged, missing) => {
        const { percent } = prepareCoverage("feature", sum(tagged + missing), sum(missing));
        if (tagged + missing === 0n) expect(percent).toBeNull();
        else {
          expect(percent === 100).toBe(missing === 0n);
          expect(percent === 0).toBe(tagged === 0n);
        }
      },
    ),
  );
});

test("a cost that is not known has no share", () => {
  const unknown = figuresOf({ cost_usd: null, calls: 2 });
  expect(prepareCoverage("user", unknown, unknown).percent).toBeNull();
  expect(prepareCoverage("user", sum(5n), unknown).percent).toBeNull();
  expect(prepareCoverage("user", sum(5n), figuresOf({ cost_usd: null, calls: 0 })).percent).toBe(
    100,
  );
});

test("calls have a share of their own, which a free call moves too", () => {
  const free = prepareCoverage("user", sum(5n, 3), sum(0n, 1));
  expect(free).toMatchObject({ callsPercent: 67, untaggedCalls: 1, percent: 100 });
  const many = prepareCoverage("user", sum(5n, 1_000_000), sum(0n, 1));
  expect(many.callsPercent).toBe(99);
  expect(prepareCoverage("user", sum(0n, 0), sum(0n, 0)).callsPercent).toBeNull();
});

test("the organisation's own tags are shown, and until then team where calls have one", () => {
  expect(chooseTags(["metadata.cost centre"], ["team"])).toEqual(["metadata.cost centre"]);
  expect(chooseTags(null, ["environment", "team"])).toEqual([
    "feature",
    "metadata.team",
    "agent",
    "user",
  ]);
  expect(chooseTags(null, [])).toEqual(["feature", "agent", "user"]);
});
