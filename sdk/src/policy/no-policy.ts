import type { PolicyFollower } from "./follow-policy.ts";

/** A policy that stops nobody: of a guard that is disabled. */
export function createNoPolicy(): PolicyFollower {
  return {
    policy: {
      version: 0,
      ttlMs: 5_000,
      degraded: false,
      failMode: "open",
      switches: [],
      budgets: [],
      notAsked: [],
      requiredTags: [],
    },
    state: () => "live",
    confirmedAt: () => null,
    lastError: () => null,
    awaited: () => null,
    serverNow: () => Date.now(),
    refresh: () => undefined,
    close: () => undefined,
  };
}
