import type { ReadableProject } from "@/lib/calls/narrow-projects";

/** The last instant before which calls of some of these projects expired, in microseconds since 1970; 0: none did. */
export function sealedBeforeUs(projects: readonly ReadableProject[]): number {
  return Math.max(0, ...projects.map(({ sealedBefore }) => (sealedBefore?.getTime() ?? 0) * 1000));
}

/** The same as RFC 3339 where a range that begins at `fromUs` reaches behind it; else null: its calls are all there. */
export function expiredBefore(projects: readonly ReadableProject[], fromUs: number): string | null {
  const sealedUs = sealedBeforeUs(projects);
  return fromUs < sealedUs ? new Date(sealedUs / 1000).toISOString() : null;
}
