import type { z } from "zod";
import { findSwitchRow } from "@/db/queries/kill-switches";
import { listProjectRows } from "@/db/queries/projects";
import type { ActionContext } from "@/lib/auth/actor";
import { isEngaged } from "@/lib/budgets/policy-holder";
import { countStopped } from "@/lib/kill-switches/count-stopped";
import type { killSwitchPreviewSchema } from "@/lib/kill-switches/kill-switch-schemas";
import { orNull, type SwitchReader } from "@/lib/kill-switches/list-kill-switches";
import { type AskedTarget, findSwitchTarget } from "@/lib/kill-switches/switch-place";
import { canSee } from "@/lib/projects/resolve-projects";

/**
 * What a switch would stop now, for the question whether to. Counted in the projects that the reader may see.
 * @throws OutlayError `unprocessable`, `not_found`
 */
export async function previewKillSwitch(
  context: ActionContext & Pick<SwitchReader, "clickhouse" | "log">,
  asked: AskedTarget,
  nowMs = Date.now(),
): Promise<z.output<typeof killSwitchPreviewSchema>> {
  const target = await findSwitchTarget(context, asked);
  const seen = (await listProjectRows(context.db)).filter(({ id }) => canSee(context.actor, id));
  const slug = seen.find(({ id }) => id === target.projectId)?.slug ?? null;
  const projectIds = seen.map(({ id }) => id);
  const row = await findSwitchRow(context.db, target);
  return {
    scope: asked.scope,
    project: slug,
    value: asked.scope === "project" ? slug : target.value,
    engaged: row !== null && isEngaged(row, nowMs),
    stops: await orNull(context, countStopped(context.clickhouse, target, projectIds, nowMs)),
  };
}
