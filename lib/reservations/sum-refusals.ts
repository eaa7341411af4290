import type { RefusalCount } from "@/db/queries/commit-holds";
import { formatUsd, parseUsd } from "@/lib/money";
import type { Asked, Decision } from "@/lib/reservations/decide";

const HOUR_MS = 3_600_000;

/** Adds up what a group refused by reason and hour, so that a runaway writes a few rows and not a thousand. */
export function sumRefusals(
  refused: readonly { asked: Asked; block: Extract<Decision, { decision: "block" }> }[],
): RefusalCount[] {
  const sums = new Map<string, RefusalCount>();
  for (const { asked, block } of refused) {
    const { agent, feature, model } = asked.wish.tags;
    const { worstUsd, likelyUsd } = block.estimate;
    const estimate = typeof worstUsd === "bigint" ? worstUsd : likelyUsd;
    for (const fault of block.faults) {
      const key = {
        projectId: asked.projectId,
        hourMs: Math.floor(asked.nowMs / HOUR_MS) * HOUR_MS,
        sourceId: fault.sourceId,
        code: fault.code,
        value: fault.value,
        agent: agent ?? "",
        feature: feature ?? "",
        model: model ?? "",
      };
      const name = JSON.stringify(key);
      const known = sums.get(name);
      const before = known?.estimatedUsd ? parseUsd(known.estimatedUsd) : null;
      const sum = estimate === null ? before : estimate + (before ?? 0n);
      sums.set(name, {
        ...key,
        calls: (known?.calls ?? 0) + 1,
        estimatedUsd: sum === null ? null : formatUsd(sum),
        lastAtMs: asked.nowMs,
        message: fault.message,
      });
    }
  }
  return [...sums.values()];
}
