import { RecentMap } from "@/lib/recent-map";

/** A model call that was settled. */
export interface SettledCall {
  projectId: string;
  model: string;
  agent: string | null;
  outputTokens: number;
}

/** Learns how much output calls of an agent really have, so that `enforce` need not hold whole caps. */
export interface OutputLearner {
  learn(call: SettledCall): void;
  /** What all but few of the last calls stayed within, tokens; null: too little is known. */
  expect(call: Omit<SettledCall, "outputTokens">): number | null;
}

/** Names come from clients, so they are bounded. */
const MAX_NAMES = 10_000;
const REMEMBERED = 32;
/** Fewer say nothing of the next one. */
const ENOUGH = 5;

/** Makes a learner that knows nothing yet. It lives in memory: after a start it learns again, and caps are held meanwhile. */
export function createOutputLearner(): OutputLearner {
  const rings = new RecentMap<{ counts: number[]; next: number }>(MAX_NAMES);
  const ringOf = ({ projectId, model, agent }: Omit<SettledCall, "outputTokens">) =>
    rings.getOrMake(JSON.stringify([projectId, model, agent]), () => ({ counts: [], next: 0 }));
  return {
    learn(call) {
      const ring = ringOf(call);
      ring.counts[ring.next] = call.outputTokens;
      ring.next = (ring.next + 1) % REMEMBERED;
    },
    expect(call) {
      const { counts } = ringOf(call);
      if (counts.length < ENOUGH) return null;
      const descending = [...counts].sort((a, b) => b - a);
      // One in ten may be longer: its hold is short by the difference until it settles, which `enforce` allows.
      return descending[Math.floor(counts.length / 10)] ?? null;
    },
  };
}
