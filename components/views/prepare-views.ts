import { SCREENS, withQuery } from "@/lib/paths";
import { toViewQuery, type ViewScreen } from "@/lib/views/screen-params";
import type { ViewAnswer } from "@/lib/views/view-schemas";

/** A view as the menu shows it. */
export interface ViewItem {
  view: ViewAnswer;
  href: string;
  /** It is what the page shows now. */
  isCurrent: boolean;
  /** Who finds it, in words. */
  note: string;
}

/** The views of one screen, one's own first, each by name as the API gives them. */
export function prepareViews(
  views: readonly ViewAnswer[],
  screen: ViewScreen,
  search: URLSearchParams,
): ViewItem[] {
  const path = SCREENS.find(({ id }) => id === screen)?.path ?? "/";
  const current = toViewQuery(screen, search);
  const items = views
    .filter((view) => view.screen === screen)
    .map((view) => ({
      view,
      href: withQuery(path, new URLSearchParams(view.query)),
      isCurrent: view.query === current,
      note: noteOf(view),
    }));
  return [...items.filter(({ view }) => view.is_own), ...items.filter(({ view }) => !view.is_own)];
}

function noteOf(view: ViewAnswer): string {
  const project = view.project ?? "all projects";
  if (!view.is_own) return `${project} · shared by ${view.author ?? "a key"}`;
  return `${project} · ${view.shared ? "shared" : "only you"}`;
}
