import type { Listening, Postgres } from "@/db/postgres";
import { POLICY_CHANNEL } from "@/db/queries/policy";
import { startBackgroundJob } from "@/lib/background-job";
import { isEngaged, type PolicyHolder, type ToldPolicy } from "@/lib/budgets/policy-holder";
import type { Log } from "@/lib/log";

/** Tells when what agents are told has changed, in whatever process it was changed. */
export interface PolicyWatch {
  /** Calls back with the policy after each change. @returns ends it */
  onChange(listener: (policy: ToldPolicy) => void): () => void;
  close(): Promise<void>;
}

/** A notice that was lost costs an agent no longer than its own poll would. */
const POLL_MS = 5_000;
/** Counters may come to other states by the hundred in a moment: they are told together. */
const LINGER_MS = 20;

/**
 * Follows the policy: it looks when PostgreSQL notifies, every five seconds, and when a switch ends by itself. A look is
 * one statement; while nobody listens there is none but by a notice.
 */
export function watchPolicy(options: {
  postgres: Pick<Postgres, "db" | "listen">;
  policies: Pick<PolicyHolder, "read">;
  log: Log;
  pollMs?: number;
}): PolicyWatch {
  const { postgres, policies, log, pollMs = POLL_MS } = options;
  const listeners = new Set<(policy: ToldPolicy) => void>();
  let told = "";
  let listening: Listening | null = null;
  const job = startBackgroundJob({
    lingerMs: LINGER_MS,
    turn: async () => {
      listening ??= await postgres.listen(POLICY_CHANNEL, () => job.wake());
      if (listeners.size === 0) return pollMs;
      const policy = await policies.read(postgres.db);
      const nowMs = Date.now();
      const state = tellState(policy, nowMs);
      if (state !== told) for (const listener of listeners) listener(policy);
      told = state;
      return Math.min(pollMs, ...msToEnds(policy, nowMs));
    },
    failed: (error, retryMs) => {
      log.warn({ err: error, retryMs }, "changes of the policy cannot be followed just now");
    },
    retryMs: { first: 200, max: pollMs },
    closeMs: 2_000,
  });
  return {
    onChange(listener) {
      listeners.add(listener);
      job.wake();
      return () => listeners.delete(listener);
    },
    async close() {
      await job.close();
      await listening?.close();
    },
  };
}

/** What agents are told: the version, and which switches stand. */
function tellState({ toldVersion, switches }: ToldPolicy, nowMs: number): string {
  const engaged = switches.filter((row) => isEngaged(row, nowMs)).map(({ id }) => id);
  return [toldVersion, ...engaged.sort()].join(" ");
}

function msToEnds({ switches }: ToldPolicy, nowMs: number): number[] {
  return switches.flatMap(({ until }) => {
    const ms = (until?.getTime() ?? 0) - nowMs;
    return ms > 0 ? [ms + 1] : [];
  });
}
