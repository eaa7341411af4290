import fc from "fast-check";
import { expect, test } from "vitest";
import { snoozeEnd } from "@/components/alerts/snooze-end";
import { addDays, formatLocalDate, toLocalTime } from "@/lib/zone-time";

const ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"];

test("until tomorrow 9:00 is 9:00 of the next day by the organisation's clock, also where clocks change", () => {
  const fromMs = Date.parse("2026-01-01T00:00:00Z");
  const toMs = Date.parse("2027-01-01T00:00:00Z");
  fc.assert(
    fc.property(
      fc.integer({ min: fromMs, max: toMs }),
      fc.constantFrom(...ZONES),
      (nowMs, timeZone) => {
        const endMs = snoozeEnd("tomorrow", { nowMs, timeZone, custom: "" });
        const local = toLocalTime(endMs ?? Number.NaN, timeZone);
        expect([local.hour, local.minute]).toEqual([9, 0]);
        const tomorrow = addDays(toLocalTime(nowMs, timeZone), 1);
        expect(formatLocalDate(local)).toBe(formatLocalDate(tomorrow));
        expect(endMs).toBeGreaterThan(nowMs);
      },
    ),
  );
});

test("a time of one's own is read by the organisation's clock, and has to lie ahead", () => {
  const when = { nowMs: Date.parse("2026-11-22T12:00:00Z"), timeZone: "Europe/Berlin" };
  const end = (custom: string) => snoozeEnd("custom", { ...when, custom });
  expect(end("2026-11-22T18:30")).toBe(Date.parse("2026-11-22T17:30:00Z"));
  expect(end("2026-11-22T12:59")).toBeNull();
  expect(end("")).toBeNull();
  expect(snoozeEnd("4h", { ...when, custom: "" })).toBe(when.nowMs + 14_400_000);
});
