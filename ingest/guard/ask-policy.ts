import { isStoreAway } from "@/db/is-store-away";
import type { Db } from "@/db/postgres";
import { Coalesced } from "@/ingest/guard/coalesce";
import type { PolicyHolder } from "@/lib/budgets/policy-holder";
import { OutlayError } from "@/lib/errors";
import { answerPolicy, answerPolicyDegraded } from "@/lib/policy/answer-policy";
import type { AskedTags } from "@/lib/policy/match-policy";
import { POLICY_TAGS, type PolicyAnswer } from "@/lib/policy/policy-schemas";
import { withinDeadline } from "@/lib/reservations/within-deadline";

/** An agent that waits for a store that says nothing obeys no switch meanwhile. */
const DEADLINE_MS = 2_000;

/** Tells agents their policy. */
export interface PolicyDesk {
  /**
   * The policy for calls of a project with these tags; while PostgreSQL is away the last known one, `degraded`.
   * @throws OutlayError `unavailable` where none is known yet
   */
  ask(projectId: string, asked: AskedTags): Promise<PolicyAnswer>;
}

/** Makes the desk. After a change a whole fleet asks at once, mostly the same: it is read once. */
export function openPolicyDesk(db: Db, policies: Pick<PolicyHolder, "read" | "last">): PolicyDesk {
  const reads = new Coalesced<PolicyAnswer>();
  return {
    ask(projectId, asked) {
      const name = JSON.stringify([projectId, POLICY_TAGS.map((tag) => asked[tag] ?? null)]);
      return reads.ask(name, () => askPolicy({ db, policies }, projectId, asked));
    },
  };
}

async function askPolicy(
  { db, policies }: { db: Db; policies: Pick<PolicyHolder, "read" | "last"> },
  projectId: string,
  asked: AskedTags,
): Promise<PolicyAnswer> {
  const read = async () => answerPolicy(db, await policies.read(db), projectId, asked, Date.now());
  try {
    return await withinDeadline(read(), DEADLINE_MS);
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === "DeadlineError";
    if (!isLate && !isStoreAway(cause)) throw cause;
    const last = policies.last();
    // What was engaged stays engaged: an outage is no release.
    if (last) return answerPolicyDegraded(last, projectId, asked, Date.now());
    throw new OutlayError("unavailable", "The policy is out of reach just now.", {
      retryAfterSeconds: 5,
      cause,
    });
  }
}
