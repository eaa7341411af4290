import fc from "fast-check";
import { expect, test } from "vitest";
import { prepareCoverage } from "@/components/spend/prepare-coverage";
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
