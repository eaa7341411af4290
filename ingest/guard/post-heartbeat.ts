import { authorize } from "@/ingest/authorize";
import { type Exchange, sendText } from "@/ingest/exchange";
import { askStore, type GuardDeps, readJson, unprocessable } from "@/ingest/guard/guard-request";
import { explainIssue } from "@/lib/events/explain-issue";
import { heartbeatSchema } from "@/lib/instances/instance-schemas";

/**
 * `POST /v1/agents/heartbeat`: who runs, and which policy it obeys. The answer says which version there is, so that an
 * agent whose stream is stuck finds out.
 */
export async function postHeartbeat(exchange: Exchange, deps: GuardDeps): Promise<void> {
  const { projectId } = await authorize(exchange, "guard", deps);
  const value = await readJson(exchange, deps.budget);
  const seenAt = new Date();
  const parsed = heartbeatSchema.safeParse(value);
  if (!parsed.success) {
    const errors = parsed.error.issues.flatMap((issue) =>
      explainIssue(issue, value, heartbeatSchema),
    );
    throw unprocessable(errors, "The heartbeat cannot be read.");
  }
  const { instance_id, agent, policy_version, state } = parsed.data;
  await askStore(
    deps.heartbeats.note({
      projectId,
      instanceId: instance_id,
      agent: agent ?? "",
      policyVersion: policy_version,
      state,
      seenAt,
    }),
  );
  // What this process read last: no statement for an answer that the next look corrects.
  const version = deps.policies.last()?.toldVersion ?? null;
  sendText(exchange, 200, JSON.stringify({ policy_version: version }));
}
