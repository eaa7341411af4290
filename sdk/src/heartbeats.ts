import type { Api } from "./api.ts";
import { every, later } from "./later.ts";
import { findWholeSwitch } from "./policy/match-switch.ts";
import type { Policy } from "./policy/policy.ts";

export interface HeartbeatDeps {
  api: Api;
  instanceId: string;
  policy(): Policy | null;
  serverNow(): number;
  /** The server knows a newer policy than we. */
  onBehind(): void;
}

export interface Heartbeats {
  /** An agent does something here; a new one is told at once. @param agent empty: without the tag */
  see(agent: string): void;
  /** The policy is another one: who obeys it is told at once. */
  onPolicy(): void;
  status(): { agents: { agent: string; state: string }[]; lastError: string | null };
  /** Says that all is over. */
  close(): Promise<void>;
}

interface Agent {
  seenAt: number;
  isHalted: boolean;
}

const EVERY_MS = 5_000;
const TIMEOUT_MS = 4_000;
/** Of an agent that did nothing for so long nothing is said any more. */
const QUIET_MS = 600_000;
const MOST_AGENTS = 200;

/** Tells the server which agents run here and which policy they obey: every 5 s, and at once when that changes. */
export function createHeartbeats(deps: HeartbeatDeps): Heartbeats {
  const agents = new Map<string, Agent>();
  let lastError: string | null = null;
  let cancelUntil: () => void = () => undefined;
  let isClosed = false;

  function isHalted(agent: string, policy: Policy): boolean {
    return findWholeSwitch(policy.switches, agent, deps.serverNow()) !== null;
  }

  function beat(agent: string, own: Agent): void {
    const policy = deps.policy();
    if (!policy || isClosed) return;
    own.isHalted = isHalted(agent, policy);
    send(agent, policy.version, own.isHalted ? "halted" : "running").catch((error: unknown) => {
      lastError = String(error);
    });
  }

  /** @param isLast the process waits for it: who closes the guard may have more to do behind that */
  async function send(agent: string, version: number, state: string, isLast = false) {
    const body = JSON.stringify({
      instance_id: deps.instanceId,
      agent,
      policy_version: version,
      state,
    });
    const path = "/v1/agents/heartbeat";
    const asked = { method: "POST" as const, path, body, timeoutMs: TIMEOUT_MS };
    const answer = await deps.api.ask({ ...asked, isAwaited: isLast });
    if (answer.status !== 200) throw new Error(`${answer.status}`);
    lastError = null;
    const { policy_version: known } = JSON.parse(answer.text) as { policy_version?: unknown };
    if (typeof known === "number" && known > version) deps.onBehind();
  }

  function beatAll(): void {
    for (const [agent, own] of agents) {
      if (Date.now() - own.seenAt > QUIET_MS) agents.delete(agent);
      else beat(agent, own);
    }
  }

  const stop = every(EVERY_MS, beatAll);
  return {
    see(agent) {
      const own = agents.get(agent);
      if (own) {
        own.seenAt = Date.now();
        return;
      }
      if (agents.size >= MOST_AGENTS || isClosed) return;
      const added = { seenAt: Date.now(), isHalted: false };
      agents.set(agent, added);
      beat(agent, added);
    },
    onPolicy() {
      beatAll();
      cancelUntil();
      const now = deps.serverNow();
      const ends = (deps.policy()?.switches ?? []).flatMap(({ untilMs }) =>
        untilMs !== null && untilMs > now ? [untilMs] : [],
      );
      // A switch that ends by itself: who was halted by it runs again.
      if (ends.length > 0) cancelUntil = later(Math.min(...ends) - now + 1, () => this.onPolicy());
    },
    status: () => ({
      agents: [...agents].map(([agent, own]) => ({
        agent,
        state: own.isHalted ? "halted" : "running",
      })),
      lastError,
    }),
    async close() {
      stop();
      cancelUntil();
      isClosed = true;
      const version = deps.policy()?.version;
      if (version === undefined) return;
      await Promise.allSettled(
        [...agents.keys()].map((agent) => send(agent, version, "ended", true)),
      );
      agents.clear();
    },
  };
}
