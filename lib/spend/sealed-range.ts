import { toBucket } from "@/db/clickhouse/llm-call-row";
import { formatInstant } from "@/lib/calendar/format-instant";
import { sealedBeforeUs } from "@/lib/calls/expired-before";
import type { ReadableProject } from "@/lib/calls/narrow-projects";
import { OutlayError } from "@/lib/errors";

/**
 * A range whose ends lie on whole buckets where calls expired: of a sealed bucket only the sum is there, and it is given
 * whole. The answer names the range that it is about.
 * @param range microseconds since 1970
 */
export function snapToSealed(
  projects: readonly ReadableProject[],
  { fromUs, toUs }: { fromUs: number; toUs: number },
): { fromUs: number; toUs: number } {
  const sealedUs = sealedBeforeUs(projects);
  return {
    fromUs: fromUs < sealedUs ? toBucket(fromUs) * 1e6 : fromUs,
    toUs: toUs < sealedUs ? (toBucket(toUs - 1) + 900) * 1e6 : toUs,
  };
}

/**
 * Refuses a question about calls that expired and that their sums cannot answer: a part of the answer would look like
 * all of it.
 * @throws OutlayError `bad_request`, saying from when on it can be asked
 */
export function requireCalls(
  projects: readonly ReadableProject[],
  projectIds: readonly string[],
  fromUs: number,
  timeZone: string,
): void {
  const asked = projects.filter(({ id }) => projectIds.includes(id));
  const sealedUs = sealedBeforeUs(asked);
  if (fromUs >= sealedUs) return;
  const from = formatInstant(sealedUs, timeZone);
  throw new OutlayError(
    "bad_request",
    `The detail of calls before ${from} has expired. Up to there only the sums by feature, agent, provider and model, and status are kept, one of them at a time. Ask from ${from} on.`,
    { errors: [{ path: "from", message: `must not be before ${from} for this question` }] },
  );
}
