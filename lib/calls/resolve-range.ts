import { OutlayError } from "@/lib/errors";

const DEFAULT_RANGE_US = 30 * 86_400 * 1e6;

/**
 * The half-open range a question is about, in microseconds since 1970: what it names, else the 30 days
 * before its end, which is now.
 * @throws OutlayError `bad_request` for a range that holds no instant
 */
export function resolveRange(
  query: { fromUs: number | null; toUs: number | null },
  nowMs: number,
): { fromUs: number; toUs: number } {
  const toUs = query.toUs ?? nowMs * 1000;
  const fromUs = query.fromUs ?? Math.max(0, toUs - DEFAULT_RANGE_US);
  if (fromUs >= toUs) {
    throw new OutlayError("bad_request", "The range is empty: `from` must be before `to`.", {
      errors: [{ path: "from", message: "must be before `to`" }],
    });
  }
  return { fromUs, toUs };
}
