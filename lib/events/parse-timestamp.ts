const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** What nearly every client writes: UTC with milliseconds or none. */
const USUAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/**
 * Reads an RFC 3339 date-time with its offset (`2026-11-21T10:00:00.5+01:00`).
 * Digits past microseconds are cut: the store keeps 6, and two spellings of one instant are one instant.
 * @returns microseconds since 1970 (a safe integer), or null where the text is no such date-time. A
 * 30 February, an hour 24 and a leap second are refused: which instant they mean would be a guess.
 */
export function parseTimestamp(text: string): number | null {
  if (USUAL.test(text)) {
    const ms = Date.parse(text);
    // V8 rolls 02-30 and 24:00 over into the next day. A Date is made only for a day that not every month has: beside
    // Next, which puts its own in place of ours, it costs more than all else here.
    const day = Number(text.slice(8, 10));
    if (Number.isNaN(ms) || text.startsWith("24", 11)) return null;
    if (day > 28 && new Date(ms).getUTCDate() !== day) return null;
    return ms * 1000;
  }
  const match = RFC_3339.exec(text);
  return match ? fromParts(match) : null;
}

function fromParts(match: RegExpExecArray): number | null {
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHour, offsetMinute] =
    match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const dateMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(dateMs);
  // Date.UTC rolls 02-30 over into March, and reads years below 100 as 19xx.
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return null;
  if (date.getUTCFullYear() !== Number(year)) return null;
  let seconds = dateMs / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (sign) {
    if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
    const offset = Number(offsetHour) * 3600 + Number(offsetMinute) * 60;
    seconds += sign === "+" ? -offset : offset;
  }
  const us = fraction ? Number(fraction.slice(0, 6).padEnd(6, "0")) : 0;
  return seconds * 1_000_000 + us;
}
