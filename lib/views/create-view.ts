import { countViewsOf, findView, insertView } from "@/db/queries/views";
import { recordAudit } from "@/lib/audit/record-audit";
import type { ActionContext } from "@/lib/auth/actor";
import { OutlayError } from "@/lib/errors";
import { placeView, requireViewRight } from "@/lib/views/place-view";
import { refusingTakenName } from "@/lib/views/refuse-taken-name";
import { toViewAnswer } from "@/lib/views/view-row";
import type { CreateViewInput, ViewAnswer } from "@/lib/views/view-schemas";

/** Nobody finds a view among more of them. */
const MAX_VIEWS = 200;

/**
 * Saves a view: private, or shared with everybody who sees its project.
 * @throws OutlayError `forbidden`, `not_found` for the project, `unprocessable` for the query, `conflict` for a name
 * that its owner has already
 */
export async function createView(
  context: ActionContext,
  input: CreateViewInput,
): Promise<ViewAnswer> {
  const { actor } = context;
  const place = await placeView(context, input.screen, input.query);
  requireViewRight(actor, "views.save", place.projectId);
  if (input.shared) requireViewRight(actor, "views.share", place.projectId);
  const ownerUserId = actor.type === "user" ? actor.id : null;
  if (ownerUserId === null && !input.shared) {
    throw new OutlayError("unprocessable", "A key has no views of its own.", {
      errors: [{ path: "shared", message: "must be true: nobody else would find it" }],
    });
  }
  const row = { name: input.name, screen: input.screen, isShared: input.shared, ...place };
  return refusingTakenName(input.name, () =>
    context.db.transaction(async (tx) => {
      if ((await countViewsOf(tx, ownerUserId)) >= MAX_VIEWS) {
        throw new OutlayError(
          "conflict",
          `There are ${MAX_VIEWS} views already: delete one first.`,
        );
      }
      const id = await insertView(tx, { ...row, ownerUserId });
      await recordAudit(tx, context, {
        action: "view.create",
        targetType: "view",
        targetId: id,
        projectId: place.projectId,
        after: row,
      });
      const stored = await findView(tx, id);
      if (!stored) throw new Error("the view was not stored");
      return toViewAnswer(stored, actor);
    }),
  );
}
