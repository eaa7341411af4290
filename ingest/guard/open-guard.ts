import type { Postgres } from "@/db/postgres";
import { openPolicyDesk } from "@/ingest/guard/ask-policy";
import type { GuardDeps } from "@/ingest/guard/guard-request";
import { openPolicyStreams, type PolicyStreams } from "@/ingest/guard/policy-streams";
import type { ProjectLookup } from "@/ingest/project-lookup";
import type { PolicyHolder } from "@/lib/budgets/policy-holder";
import { createHeartbeatDesk } from "@/lib/instances/heartbeat-desk";
import type { KeyVerifier } from "@/lib/keys/verify-key";
import type { Log } from "@/lib/log";
import { watchPolicy } from "@/lib/policy/watch-policy";
import type { PriceBookHolder } from "@/lib/prices/price-book-holder";
import type { OutputLearner } from "@/lib/reservations/output-learner";
import { openReservationDesk } from "@/lib/reservations/reservation-desk";
import { startExpiring } from "@/lib/reservations/start-expiring";

/** What decides and tells, running. */
export interface Guard {
  deps: Pick<GuardDeps, "db" | "desk" | "heartbeats" | "policies" | "policyDesk">;
  streams: PolicyStreams;
  close(): Promise<void>;
}

/**
 * Opens what answers agents: reservations and their ends, the policy and those who follow it, heartbeats.
 * @param options.own how far this process has counted what it accepted: no hold expires before its event is counted
 */
export function openGuard(options: {
  postgres: Postgres;
  policies: PolicyHolder;
  learner: OutputLearner;
  prices: PriceBookHolder;
  keys: KeyVerifier;
  findProject: ProjectLookup;
  own: Parameters<typeof startExpiring>[0]["own"];
  log: Log;
}): Guard {
  const { postgres, policies, learner, prices, keys, findProject, own, log } = options;
  const { db } = postgres;
  const desk = openReservationDesk({ db, policies, prices, learner, log });
  const expiring = startExpiring({ postgres, policy: policies, own, log });
  const watch = watchPolicy({ postgres, policies, log });
  const policyDesk = openPolicyDesk(db, policies);
  const streams = openPolicyStreams({ keys, findProject, policyDesk, watch, log });
  return {
    deps: { db, desk, heartbeats: createHeartbeatDesk(db), policies, policyDesk },
    streams,
    async close() {
      streams.close();
      await watch.close();
      await desk.close();
      await expiring.close();
    },
  };
}
