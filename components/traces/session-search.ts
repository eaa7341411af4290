import { type Filter, writeFilter } from "@/components/filters/filter-param";
import type { SessionAnswer } from "@/lib/sessions/session-schemas";
import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

/** A list's query for the days of a session: of its project, and by one filter. */
export function sessionSearch(
  figures: SessionAnswer,
  filter: Filter,
  timeZone: string,
): URLSearchParams {
  const dayOf = (at: string) => formatLocalDate(toLocalTime(Date.parse(at), timeZone));
  return new URLSearchParams({
    project: figures.project,
    range: "custom",
    from: dayOf(figures.started_at),
    to: dayOf(figures.ended_at),
    filter: writeFilter(filter),
  });
}
