import type { Api } from "../api.ts";
import { POLICY_TAGS, type Policy, type PolicyTags, readPolicy } from "./policy.ts";

/** The budgets that bind calls of one set of tags. */
export interface PolicySet {
  policy: Policy;
  /** When it was asked for, ms since 1970. */
  askedAt: number;
}

export interface PolicySets {
  /** What is known now; null: nothing, or it is of an older version, so that `load` must be waited for. */
  find(base: Policy, tags: PolicyTags): PolicySet | null;
  /** Asks for it anew; null: nobody answered, and the last answer, if there is one, is given. */
  load(base: Policy, tags: PolicyTags): Promise<PolicySet | null>;
  /** Another version of the policy stands: sets that were used a moment ago are asked for at once. */
  renewAll(base: Policy): void;
}

interface Entry {
  query: Record<string, string>;
  set: PolicySet | null;
  loading: Promise<void> | null;
  usedAt: number;
  failedAt: number;
}

const MOST_SETS = 200;
const TIMEOUT_MS = 2_000;
/** Used so lately, the next call is near. */
const WARM_MS = 5_000;
/** After nobody answered. */
const PAUSE_MS = 1_000;

/** Keeps a policy for each set of tags that budgets depend on. @param onLoaded told when it was asked for and what it says */
export function createPolicySets(api: Api, onLoaded: (set: PolicySet) => void): PolicySets {
  const entries = new Map<string, Entry>();

  function entryOf(base: Policy, tags: PolicyTags): Entry {
    const key = keyOf(base, tags);
    let entry = entries.get(key);
    if (!entry) {
      const query = Object.fromEntries(base.notAsked.map((tag) => [tag, tags[tag]]));
      entry = { query, set: null, loading: null, usedAt: 0, failedAt: 0 };
      entries.set(key, entry);
      dropOldest(entries);
    }
    entry.usedAt = Date.now();
    return entry;
  }

  function ask(entry: Entry): Promise<void> {
    entry.loading ??= fetchSet(api, entry.query)
      .then(
        (set) => {
          entry.set = set;
          entry.failedAt = 0;
          onLoaded(set);
        },
        () => {
          entry.failedAt = Date.now();
        },
      )
      .finally(() => {
        entry.loading = null;
      });
    return entry.loading;
  }

  return {
    find(base, tags) {
      const entry = entryOf(base, tags);
      const { set } = entry;
      if (!set) return null;
      const isPaused = Date.now() - entry.failedAt < PAUSE_MS;
      // An answer of before the version moved may not know a budget that it moved for.
      if (set.policy.version < base.version) return isPaused ? set : null;
      if (Date.now() - set.askedAt >= set.policy.ttlMs && !isPaused) void ask(entry);
      return set;
    },
    async load(base, tags) {
      const entry = entryOf(base, tags);
      if (Date.now() - entry.failedAt >= PAUSE_MS) await ask(entry);
      return entry.set;
    },
    renewAll(base) {
      const now = Date.now();
      for (const entry of entries.values()) {
        const isOld = (entry.set?.policy.version ?? 0) < base.version;
        if (isOld && now - entry.usedAt < WARM_MS) void ask(entry);
      }
    },
  };
}

function keyOf(base: Policy, tags: PolicyTags): string {
  const { notAsked } = base;
  if (notAsked.length === 0) return "";
  let key = "";
  // With their names: another version may depend on other tags.
  for (const tag of POLICY_TAGS) if (notAsked.includes(tag)) key += `${tag}=${tags[tag]}\n`;
  return key;
}

function dropOldest(entries: Map<string, Entry>): void {
  if (entries.size <= MOST_SETS) return;
  let oldest: string | null = null;
  let usedAt = Number.POSITIVE_INFINITY;
  for (const [key, entry] of entries) {
    if (entry.usedAt >= usedAt || entry.usedAt === 0) continue;
    oldest = key;
    usedAt = entry.usedAt;
  }
  if (oldest !== null) entries.delete(oldest);
}

async function fetchSet(api: Api, query: Record<string, string>): Promise<PolicySet> {
  const askedAt = Date.now();
  const answer = await api.ask({
    path: "/v1/policy",
    query,
    timeoutMs: TIMEOUT_MS,
    isAwaited: true,
  });
  if (answer.status !== 200) throw new Error(String(answer.status));
  return { policy: readPolicy(JSON.parse(answer.text)), askedAt };
}
