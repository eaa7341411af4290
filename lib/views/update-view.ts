import { findView, updateViewRow } from "@/db/queries/views";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { findChangeableView } from "@/lib/views/find-changeable-view";
import { placeView, requireViewRight } from "@/lib/views/place-view";
import { refusingTakenName } from "@/lib/views/refuse-taken-name";
import { toViewAnswer } from "@/lib/views/view-row";
import type { UpdateViewInput, ViewAnswer } from "@/lib/views/view-schemas";

/**
 * Renames a view, shares it or takes it back, or lets it show something else of its screen.
 * @throws OutlayError `not_found`, `forbidden`, `unprocessable` for the query, `conflict` for a name that is taken
 */
export async function updateView(
  context: ActionContext,
  id: string,
  input: UpdateViewInput,
): Promise<ViewAnswer> {
  return refusingTakenName(input.name ?? "", () =>
    context.db.transaction(async (tx) => {
      const own = { ...context, db: tx };
      const row = await findChangeableView(own, id);
      const { screen } = toViewAnswer(row, context.actor);
      const place =
        input.query === undefined
          ? { projectId: row.projectId, query: row.query }
          : await placeView(own, screen, input.query);
      const isShared = input.shared ?? row.isShared;
      // Also where a shared view moves to another project: there it is new to everybody.
      const isNews = isShared && (!row.isShared || place.projectId !== row.projectId);
      if (isNews) requireViewRight(context.actor, "views.share", place.projectId);
      const change = { name: input.name ?? row.name, isShared, ...place };
      await updateViewRow(tx, id, { ...change, updatedAt: new Date() });
      const { name, projectId, query } = row;
      await recordAudit(tx, context, {
        action: "view.update",
        targetType: "view",
        targetId: id,
        projectId: place.projectId,
        before: { name, isShared: row.isShared, projectId, query },
        after: change,
      });
      return toViewAnswer((await findView(tx, id)) ?? row, context.actor);
    }),
  );
}
