import { toDateTimeText } from "@/db/clickhouse/llm-call-row";

let lastSecond = -1;
let lastText = "";

/**
 * `toDateTimeText` with a memory of the last second: events of a request lie close together, and formatting a
 * date twice an event was a tenth of ingest's work.
 * @param timestampUs microseconds since 1970, a whole number
 */
export function dateTimeText(timestampUs: number): string {
  const second = Math.floor(timestampUs / 1_000_000);
  if (second !== lastSecond) {
    lastText = toDateTimeText(second * 1_000_000).slice(0, -6);
    lastSecond = second;
  }
  // 1000000 + n has the six digits of n behind its first.
  return lastText + String(1_000_000 + timestampUs - second * 1_000_000).slice(1);
}
