import type { ClickHouse } from "@/db/clickhouse/client";
import { findContents } from "@/db/clickhouse/queries/find-contents";
import { hasAuditSince } from "@/db/queries/audit";
import { findProject, type ProjectRow } from "@/db/queries/projects";
import { recordAudit } from "@/lib/audit/record-audit";
import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import { findCall } from "@/lib/calls/find-call";
import type { ReadableProject } from "@/lib/calls/narrow-projects";
import type { CallContentAnswer } from "@/lib/contents/content-schemas";
import { ERASED } from "@/lib/corrections/decide-revision";
import { OutlayError } from "@/lib/errors";

const DAY_MS = 86_400_000;
/** Somebody who looks at a call again within an hour is told of once. */
const AUDIT_MS = 3_600_000;

const NOTHING: Omit<CallContentAnswer, "reason"> = {
  kept: false,
  system: null,
  messages: null,
  tools: null,
  completion: null,
  redacted: {},
  cut: [],
  expires_at: null,
};

/**
 * What was said in a call, for who may read it. That they did is written down before they are given it.
 * @param timestampUs the call's own in microseconds since 1970, or null
 * @throws OutlayError `not_found`; `bad_request` where several calls have the id; `forbidden`
 */
export async function findContent(
  context: ActionContext & { clickhouse: ClickHouse; projects: readonly ReadableProject[] },
  id: string,
  timestampUs: number | null,
): Promise<CallContentAnswer> {
  const call = await findCall(context, id, timestampUs);
  const projectId = context.projects.find(({ slug }) => slug === call.project)?.id;
  const project = projectId === undefined ? null : await findProject(context.db, projectId);
  if (!project) throw new OutlayError("not_found", "There is no such call.");
  requirePermission(context.actor, "content.read", project.id);
  if (call.user === ERASED || call.session === ERASED) return { ...NOTHING, reason: "erased" };
  const expiresMs = Date.parse(call.timestamp) + project.contentRetentionDays * DAY_MS;
  if (expiresMs <= Date.now()) return { ...NOTHING, reason: reasonOf(project, "expired") };
  const startUs = Math.floor(Date.parse(call.timestamp)) * 1000;
  const [row] = await findContents(context.clickhouse, {
    projectIds: [project.id],
    // A twin begins within a minute of it, and has the same trace or is named by it.
    fromUs: startUs - 60_000_000,
    toUs: startUs + 60_000_000,
    id: call.id,
    linkedId: call.linked_id ?? "",
    traceId: call.trace_id ?? "",
  });
  if (!row) return { ...NOTHING, reason: reasonOf(project, "nothing_sent") };
  await noteReading(context, project.id, call.id);
  return {
    kept: true,
    reason: null,
    system: read(row.system),
    messages: read(row.messages),
    tools: read(row.tools),
    completion: read(row.completion),
    redacted: row.redacted,
    cut: row.cut,
    expires_at: new Date(expiresMs).toISOString(),
  };
}

function reasonOf(project: ProjectRow, otherwise: "expired" | "nothing_sent") {
  return project.keepsContent ? otherwise : "project_keeps_none";
}

async function noteReading(context: ActionContext, projectId: string, callId: string) {
  const row = { projectId, action: "content.read", targetId: callId };
  const asked = { ...row, actorId: context.actor.id, since: new Date(Date.now() - AUDIT_MS) };
  if (await hasAuditSince(context.db, asked)) return;
  await recordAudit(context.db, context, { ...row, targetType: "call" });
}

/** Ours, written as JSON. */
function read(text: string): unknown {
  return text === "" ? null : JSON.parse(text);
}
