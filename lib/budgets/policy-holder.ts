import type { Db } from "@/db/postgres";
import {
  holdPolicyVersion,
  type KillSwitchRow,
  readPolicy,
  readPolicyVersions,
} from "@/db/queries/policy";
import type { Budget } from "@/lib/budgets/budget";
import { toBudget } from "@/lib/budgets/budget-row";

/** What a decision knows of a project. */
export interface PolicyProject {
  id: string;
  slug: string;
  /** Tags that a call must carry. */
  requiredTags: readonly string[];
  /** What is answered while budgets are out of reach; null: closed where a strict budget could bind the call. */
  failMode: "open" | "closed" | null;
}

/** One version of everything that decides. */
export interface Policy {
  version: number;
  /** In the order of their ids, in which their counters are locked. */
  budgets: readonly Budget[];
  /** Engaged ones, also those whose `until` has passed: ask `isEngaged`. */
  switches: readonly KillSwitchRow[];
  projects: ReadonlyMap<string, PolicyProject>;
}

/** A policy as agents are told it. */
export interface ToldPolicy extends Policy {
  /** Moves also when a counter comes to another state. */
  toldVersion: number;
}

/** The policy in use, read again when its version moved. */
export interface PolicyHolder {
  /**
   * The policy by which everything in this transaction is decided: it does not change until the transaction ends.
   * One statement where nothing changed.
   */
  hold(tx: Db): Promise<Policy>;
  /**
   * The policy as it is, held by nobody: for an answer, not for a decision. It locks nothing, so that agents that ask
   * every few seconds write nothing.
   */
  read(db: Db): Promise<ToldPolicy>;
  /** The last one that was read; null: none yet. It may be out of date: for an answer while PostgreSQL is away. */
  last(): ToldPolicy | null;
}

/** Makes a holder that has read nothing yet. */
export function createPolicyHolder(): PolicyHolder {
  let policy: Policy | null = null;
  let toldVersion = 0;
  /** Under way for a version: all who ask after a change would read the same. */
  let loading: { version: number; policy: Promise<Policy> } | null = null;
  // What was told once never goes back, also not while PostgreSQL is away.
  const told = (known: Policy): ToldPolicy => {
    return { ...known, toldVersion: Math.max(known.version, toldVersion) };
  };
  return {
    async hold(tx) {
      const version = await holdPolicyVersion(tx);
      if (policy?.version !== version) policy = await loadPolicy(tx);
      return policy;
    },
    async read(db) {
      const versions = await readPolicyVersions(db);
      toldVersion = Math.max(toldVersion, versions.toldVersion);
      if (policy?.version === versions.version) return told(policy);
      // A change may come between its statements: what is read is then newer than its version says, and read again.
      if (loading?.version !== versions.version) {
        const own = { version: versions.version, policy: loadPolicy(db) };
        loading = own;
        const forget = () => {
          if (loading === own) loading = null;
        };
        own.policy.then(forget, forget);
      }
      const loaded = await loading.policy;
      policy = loaded;
      return told(loaded);
    },
    last: () => policy && told(policy),
  };
}

/** Reads the policy. In a transaction that holds its version it is whole. */
export async function loadPolicy(db: Db): Promise<Policy> {
  const rows = await readPolicy(db);
  return {
    version: rows.version,
    budgets: rows.budgets.map(toBudget),
    switches: rows.switches,
    projects: new Map(rows.projects.map((project) => [project.id, project])),
  };
}

/** Whether a switch stops calls at an instant: its end needs nobody to release it. */
export function isEngaged({ engagedAt, until }: KillSwitchRow, nowMs: number): boolean {
  return engagedAt !== null && (until === null || until.getTime() > nowMs);
}
