import { CALENDAR_INTERVALS, listBucketStarts } from "@/lib/calendar/list-bucket-starts";
import { OutlayError } from "@/lib/errors";
import type { SpendQuery } from "@/lib/spend/spend-schemas";

/** A month in quarter hours is 2,976; nobody reads more rows of one line. */
const MAX_BUCKETS = 3_000;

/**
 * The calendar's buckets of a question, as ms since 1970; none for `total`.
 * @throws OutlayError `bad_request` for more than 3,000, naming the widest step that fits
 */
export function listSpendBuckets(
  interval: SpendQuery["interval"],
  range: { fromUs: number; toUs: number },
  timeZone: string,
): number[] {
  if (interval === "total") return [];
  const rangeMs = { fromMs: Math.floor(range.fromUs / 1000), toMs: Math.ceil(range.toUs / 1000) };
  const list = (step: (typeof CALENDAR_INTERVALS)[number]) =>
    listBucketStarts(rangeMs, step, timeZone, MAX_BUCKETS);
  const starts = list(interval);
  if (starts.length <= MAX_BUCKETS) return starts;
  // From the finest: the first that fits shows the most.
  const fits = CALENDAR_INTERVALS.findLast((step) => list(step).length <= MAX_BUCKETS) ?? "total";
  throw new OutlayError(
    "bad_request",
    `This range has more than ${MAX_BUCKETS} buckets of interval=${interval}: choose interval=${fits} or a shorter range.`,
    { errors: [{ path: "interval", message: `has too many buckets here; ${fits} fits` }] },
  );
}
