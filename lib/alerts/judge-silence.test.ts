import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeSilence, rhythmOf } from "@/lib/alerts/judge-silence";

const RULE = { minutes: 60 };
const START = 29_000_000;
/** A source that was heard of at these minutes after the start. */
const rhythm = (...minutes: number[]) => {
  const known = rhythmOf({ minutes: minutes.map((minute) => START + minute) });
  if (!known) throw new Error("the source was not heard of");
  return known;
};
const silentAt = (known: ReturnType<typeof rhythm>, minute: number, since = 0) =>
  judgeSilence(known, { atMinute: START + minute, sinceMinute: START + since }, RULE);
const everyTen = Array.from({ length: 19 }, (_, index) => index * 10);

test("a source that sent in three hours is silent after an hour, and not a minute before", () => {
  const known = rhythm(...everyTen);
  expect(known).toEqual({ lastMinute: START + 180, longestGap: 10, isRegular: true });
  expect(silentAt(known, 239)).toBeNull();
  expect(silentAt(known, 240)).toBe(60);
});

test("what sent in two hours only, or long before it stopped, is not missed", () => {
  expect(silentAt(rhythm(0, 10, 59, 60, 70), 10_000)).toBeNull();
  expect(silentAt(rhythm(0, 100, 200, 300, 5_000), 100_000)).toBeNull();
});

test("what sleeps at night is silent after twice its night", () => {
  const days = [0, 1_440, 2_880].flatMap((day) => everyTen.map((minute) => day + minute));
  const known = rhythm(...days);
  expect(known.longestGap).toBe(1_260);
  expect(silentAt(known, 2_880 + 180 + 2_519)).toBeNull();
  expect(silentAt(known, 2_880 + 180 + 2_520)).toBe(2_520);
});

test("nobody's silence counts from before we could hear", () => {
  const known = rhythm(...everyTen);
  expect(silentAt(known, 659, 600)).toBeNull();
  expect(silentAt(known, 660, 600)).toBe(480);
});

test("a source that was never heard of is unknown", () => {
  expect(rhythmOf({ minutes: [] })).toBeNull();
});

test("who is silent stays silent until it sends, whatever it did before", () => {
  const minutes = fc
    .uniqueArray(fc.integer({ min: 0, max: 10_080 }), { minLength: 1, maxLength: 60 })
    .map((some) => some.sort((a, b) => a - b));
  fc.assert(
    fc.property(minutes, fc.nat(20_000), fc.nat(20_000), (heard, after, later) => {
      const known = rhythm(...heard);
      const at = (heard.at(-1) ?? 0) + after;
      if (silentAt(known, at) !== null) {
        expect(silentAt(known, at + later)).toBe(after + later);
        expect(after).toBeGreaterThanOrEqual(Math.max(60, 2 * (known.longestGap ?? 0)));
      }
    }),
  );
});
