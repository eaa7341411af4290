import { z } from "zod";
import { parseTimestamp } from "@/lib/events/parse-timestamp";

/** A `+` that was not escaped in an address arrives as a blank. */
const UNESCAPED_OFFSET = /^(.{19,}) (\d\d:\d\d)$/;

/**
 * An RFC 3339 time of a query as microseconds since 1970, from 1970 to 2100: what the store's own time
 * types hold.
 */
export const instantParameter = z
  .string()
  .transform((text, context) => {
    const us = parseTimestamp(text.replace(UNESCAPED_OFFSET, "$1+$2"));
    if (us !== null && us >= 0 && us < LAST_US) return us;
    context.addIssue({
      code: "custom",
      message: "must be an RFC 3339 time with an offset, such as 2026-11-21T00:00:00Z",
    });
    return z.NEVER;
  })
  .meta({ type: "string", format: "date-time" });

const LAST_US = Date.UTC(2100, 0, 1) * 1000;
