import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTimestamp } from "@/lib/events/parse-timestamp";

test("spellings of one instant are one instant", () => {
  const us = Date.UTC(2026, 10, 21, 10) * 1000;
  for (const text of [
    "2026-11-21T10:00:00Z",
    "2026-11-21t10:00:00.000z",
    "2026-11-21 10:00:00+00:00",
    "2026-11-21T15:30:00+05:30",
    "2026-11-20T22:15:00.000000-11:45",
  ]) {
    expect(parseTimestamp(text), text).toBe(us);
  }
  expect(parseTimestamp("2026-11-21T10:00:00.1234569Z")).toBe(us + 123_456);
});

test.each([
  "2026-11-21T10:00:00",
  "2026-11-21",
  "2026-13-01T00:00:00Z",
  "2026-02-29T00:00:00Z",
  "2026-11-21T24:00:00Z",
  "2026-11-21T10:60:00Z",
  "2026-06-30T23:59:60Z",
  "2026-11-21T10:00:00+24:00",
  "0001-01-01T00:00:00Z ",
  "1763719200",
  "",
])("%s is no RFC 3339 instant", (text) => {
  expect(parseTimestamp(text)).toBeNull();
});

test("every instant that JavaScript writes is read back", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true }),
      (date) => {
        expect(parseTimestamp(date.toISOString())).toBe(date.getTime() * 1000);
      },
    ),
  );
});
