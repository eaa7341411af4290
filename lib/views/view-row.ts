import type { ViewRow } from "@/db/queries/views";
import { type Actor, can } from "@/lib/auth/actor";
import { toViewQuery, VIEW_SCREEN_IDS, type ViewScreen } from "@/lib/views/screen-params";
import type { ViewAnswer } from "@/lib/views/view-schemas";

/** Whether a view is somebody's own. A key owns none: what it made is everybody's. */
export function isOwnView(actor: Actor, row: Pick<ViewRow, "ownerUserId">): boolean {
  return actor.type === "user" && row.ownerUserId === actor.id;
}

/** A stored view as it is answered to somebody. */
export function toViewAnswer(row: ViewRow, actor: Actor): ViewAnswer {
  const screen = readScreen(row.screen);
  const search = new URLSearchParams(row.query);
  if (row.projectSlug !== null) search.set("project", row.projectSlug);
  return {
    id: row.id,
    name: row.name,
    screen,
    query: toViewQuery(screen, search),
    project: row.projectSlug,
    shared: row.isShared,
    author: row.author,
    is_own: isOwnView(actor, row),
    can_change: isOwnView(actor, row) || can(actor, "views.manage", row.projectId),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** @throws Error for a screen that a later version made a view of */
function readScreen(text: string): ViewScreen {
  const screen = VIEW_SCREEN_IDS.find((id) => id === text);
  if (screen === undefined) throw new Error(`there is no screen ${text}`);
  return screen;
}
