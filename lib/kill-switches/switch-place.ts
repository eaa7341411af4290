import type { SwitchTarget } from "@/db/queries/kill-switches";
import type { ActionContext } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { checkText } from "@/lib/events/check-text";
import type { SwitchScope } from "@/lib/kill-switches/kill-switch-schemas";
import { findVisibleProject } from "@/lib/projects/find-visible-project";

const MAX_NAME_LENGTH = 256;

/** What somebody says of a switch's target. */
export interface AskedTarget {
  scope: SwitchScope;
  value?: string | null | undefined;
  /** Slug. */
  project?: string | null | undefined;
}

/**
 * What a switch is to stop. Names are names of one project: `planner` of another project is another agent.
 * @throws OutlayError `unprocessable` with the path, `not_found` for the project
 */
export async function findSwitchTarget(
  context: ActionContext,
  { scope, value = null, project = null }: AskedTarget,
): Promise<SwitchTarget> {
  if (scope === "global") {
    if (value !== null) throw wrong("value", "is not for the scope global: it stops everything");
    return { scope, projectId: null, value: null };
  }
  if (scope === "project") {
    const slug = value ?? project;
    if (slug === null) throw wrong("value", "is required: the project's slug");
    if (project !== null && project !== slug) throw wrong("project", `is not ${slug}`);
    return { scope, projectId: (await findVisibleProject(context, slug)).id, value: null };
  }
  if (value === null) throw wrong("value", `is required: the name of what to stop`);
  // A call's tag has none of these: such a switch would be engaged and stop nobody.
  if (value === "*") throw wrong("value", "is no name: stop the project, or everything");
  if (value === "(untagged)") throw wrong("value", "is no name: calls without the tag have none");
  const fault = checkText(value, MAX_NAME_LENGTH);
  if (fault) throw wrong("value", fault);
  if (project === null) throw wrong("project", "is required: its slug");
  return { scope, projectId: (await findVisibleProject(context, project)).id, value };
}

/** A fault of what was asked. */
export function wrong(path: string, message: string): OutlayError {
  const errors = [{ path, message }];
  return new OutlayError("unprocessable", `There is a fault: ${path} ${message}.`, { errors });
}
