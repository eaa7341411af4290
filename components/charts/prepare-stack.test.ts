import fc from "fast-check";
import { expect, test } from "vitest";
import { prepareStack, type StackInput } from "@/components/charts/prepare-stack";

const axis = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ startMs: index * 10, endMs: index * 10 + 10 }));

function inputOf(part: Partial<StackInput>): StackInput {
  const buckets = part.buckets ?? axis(10);
  return {
    buckets,
    nowMs: 1_000_000,
    received: buckets.map((bucket) => bucket.startMs),
    totals: new Map(),
    series: [],
    nameCount: part.series?.length ?? 0,
    ...part,
  };
}

test("a bucket without events is a gap, a received bucket without a match is a real zero", () => {
  const { slices, gaps } = prepareStack(
    inputOf({
      received: [0, 10, 50],
      totals: new Map([[0, 7n]]),
      series: [{ name: "search", values: new Map([[0, 7n]]) }],
    }),
  );
  expect(slices[0]).toMatchObject({ state: "complete", total: 7n, values: [7n] });
  expect(slices[1]).toMatchObject({ state: "complete", total: 0n, values: [0n] });
  expect(slices[2]).toMatchObject({ state: "missing", total: null, values: [null] });
  expect(gaps).toEqual([
    { first: 2, last: 4 },
    { first: 6, last: 9 },
  ]);
});

test("a bucket of which no price is known is neither a gap nor a zero", () => {
  const { slices } = prepareStack(
    inputOf({ received: [0], totals: new Map([[0, null]]), nameCount: 0 }),
  );
  expect(slices[0]).toMatchObject({ state: "complete", total: null });
});

test("the bucket that holds now is running, also before its first event", () => {
  const { slices } = prepareStack(inputOf({ nowMs: 95, received: [0] }));
  expect(slices[9]?.state).toBe("running");
  expect(slices[8]?.state).toBe("missing");
});

test("bars under eight buckets with data or for one that stands alone, else areas", () => {
  const tens = (count: number) => Array.from({ length: count }, (_, index) => index * 10);
  expect(prepareStack(inputOf({ buckets: axis(7) })).mark).toBe("bars");
  expect(prepareStack(inputOf({ buckets: axis(8) })).mark).toBe("area");
  expect(prepareStack(inputOf({ buckets: axis(30), received: tens(7) })).mark).toBe("bars");
  expect(prepareStack(inputOf({ buckets: axis(30), received: tens(8) })).mark).toBe("area");
  expect(prepareStack(inputOf({ buckets: axis(30), received: [...tens(8), 150] })).mark).toBe(
    "bars",
  );
});

test("there is an Other only when there are more names than shown", () => {
  const series = [{ name: null, values: new Map([[0, 1n]]) }];
  expect(prepareStack(inputOf({ series, nameCount: 1 })).layers).toEqual([
    { kind: "name", name: null },
  ]);
  expect(prepareStack(inputOf({ series, nameCount: 2 })).layers).toHaveLength(2);
});

test("the layers of every bucket add up to its total to the last digit", () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 24n });
  const groups = fc.array(fc.array(amount, { minLength: 9, maxLength: 9 }), {
    minLength: 7,
    maxLength: 30,
  });
  fc.assert(
    fc.property(groups, (all) => {
      const mapOf = (values: bigint[]) => new Map(values.map((value, at) => [at * 10, value]));
      const totals = Array.from({ length: 9 }, (_, at) =>
        all.reduce((sum, group) => sum + (group[at] ?? 0n), 0n),
      );
      const model = prepareStack(
        inputOf({
          buckets: axis(9),
          totals: mapOf(totals),
          series: all.slice(0, 6).map((values, at) => ({ name: `n${at}`, values: mapOf(values) })),
          nameCount: all.length,
        }),
      );
      for (const slice of model.slices) {
        const sum = slice.values.reduce<bigint>((total, value) => total + (value ?? 0n), 0n);
        expect(sum).toBe(slice.total);
      }
      expect(model.slices.every((slice) => (slice.total ?? 0n) <= model.max)).toBe(true);
    }),
  );
});

test("a rate is lines without an Other: where nothing was asked there is no value, and no zero", () => {
  const model = prepareStack(
    inputOf({
      isRate: true,
      totals: new Map([[0, 40n]]),
      series: [{ name: "search", values: new Map([[0, 90n]]) }],
      nameCount: 5,
    }),
  );
  expect(model).toMatchObject({ mark: "lines", max: 90n });
  expect(model.layers).toHaveLength(1);
  expect(model.slices[0]).toMatchObject({ total: 40n, values: [90n] });
  expect(model.slices[1]).toMatchObject({ state: "complete", total: null, values: [null] });
});

test("a comparison stands at its bucket, and the axis holds it", () => {
  const before = new Map([[1, 70n]]);
  const model = prepareStack(inputOf({ totals: new Map([[0, 7n]]), before }));
  expect(model.slices.slice(0, 2).map((slice) => slice.before)).toEqual([null, 70n]);
  expect(model).toMatchObject({ hasComparison: true, max: 70n });
  expect(prepareStack(inputOf({})).hasComparison).toBe(false);
});
