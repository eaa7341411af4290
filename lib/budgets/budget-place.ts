import { type ActionContext, requirePermission } from "@/lib/auth/actor";
import type { Budget } from "@/lib/budgets/budget";
import type { CreateBudgetInput } from "@/lib/budgets/budget-schemas";
import { OutlayError } from "@/lib/errors";
import { findVisibleProject } from "@/lib/projects/find-visible-project";

/** Where a budget is: of one project, or (null) of the whole installation; and its stored value. */
export interface BudgetPlace {
  projectId: string | null;
  value: string | null;
}

/**
 * Finds where a new budget is to be. A budget `project` of one project is that project's own, so that its admin may
 * change it, and its slug may be taken again once the project is gone.
 * @throws OutlayError `not_found`, `unprocessable` with the path
 */
export async function findBudgetPlace(
  context: ActionContext,
  { scope, value = null, project = null }: CreateBudgetInput,
): Promise<BudgetPlace> {
  if (scope === "global") {
    if (project === null) return { projectId: null, value: null };
    throw unprocessable("project", "is not for the scope global: use the scope project");
  }
  if (scope !== "project") {
    const found = project === null ? null : await findVisibleProject(context, project);
    return { projectId: found?.id ?? null, value };
  }
  if (value === "*") {
    if (project === null) return { projectId: null, value };
    throw unprocessable("project", "is not for each project: give the project as the value");
  }
  if (value !== null && project !== null && value !== project) {
    throw unprocessable("project", `is not the project of the value, ${value}`);
  }
  const slug = value ?? project;
  if (slug === null)
    throw unprocessable("value", "is required: a project's slug, or * for each one");
  return { projectId: (await findVisibleProject(context, slug)).id, value: null };
}

/**
 * Checks that somebody may set a budget. One of the installation binds every project, so a role in one is not enough.
 * @throws OutlayError `forbidden`
 */
export function requireBudgetWrite(
  { actor }: Pick<ActionContext, "actor">,
  { projectId }: Pick<Budget, "projectId">,
): void {
  const permission = projectId === null ? "budgets.write_everywhere" : "budgets.write";
  requirePermission(actor, permission, projectId);
}

function unprocessable(path: string, message: string): OutlayError {
  const errors = [{ path, message }];
  return new OutlayError("unprocessable", `The body has a fault: ${path} ${message}.`, { errors });
}
