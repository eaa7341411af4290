import { addFilter } from "@/components/filters/filter-param";
import { type Scope, scopeSearch } from "@/components/filters/scope";
import type { Session } from "@/components/sessions/session-answer";
import { CALLS_PATH, withQuery } from "@/lib/paths";

/** The calls of a session within the range and filters it was listed by: their costs add up to the listed one. */
export function sessionCallsHref(session: Session, scope: Scope): string {
  const filter =
    session.session === null
      ? { dimension: "trace_id", value: session.trace_id ?? "" }
      : { dimension: "session", value: session.session };
  const own = scope.filters.filter(({ dimension }) => dimension !== filter.dimension);
  const filters = addFilter(own, filter);
  // A session's name is unique within its project only.
  return withQuery(CALLS_PATH, scopeSearch({ ...scope, project: session.project }, filters));
}
