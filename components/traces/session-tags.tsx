"use client";

import { useQuery } from "@tanstack/react-query";
import { useWorkspace } from "@/components/layout/workspace";
import { sessionSearch } from "@/components/traces/session-search";
import { PointedLink } from "@/components/ui/pointed-link";
import { requestJson } from "@/lib/api-client";
import { SESSIONS_PATH, type SessionRef, withQuery } from "@/lib/paths";
import type { SessionAnswer } from "@/lib/sessions/session-schemas";
import type { SpendAnswer } from "@/lib/spend/spend-schemas";

const TAGS = [
  { dimension: "feature", label: "Feature" },
  { dimension: "user", label: "User" },
] as const;
/** Groups to ask for: a session has one of each, as a rule. */
const MOST_GROUPS = 50;
const MOST_SHOWN = 5;

interface SessionTagsProps {
  figures: SessionAnswer;
  kind: SessionRef["kind"];
  id: string;
}

/** Whose session it is and what for; each leads to the sessions like it of those days. */
export function SessionTags({ figures, kind, id }: SessionTagsProps) {
  const { timeZone } = useWorkspace();
  const query = new URLSearchParams({
    project: figures.project,
    // A range's end is not in it.
    from: figures.started_at,
    to: new Date(Date.parse(figures.ended_at) + 1_000).toISOString(),
    interval: "total",
    group_by: TAGS.map(({ dimension }) => dimension).join(","),
    limit: String(MOST_GROUPS),
    [kind === "session" ? "filter.session" : "filter.trace_id"]: id,
  });
  const { data } = useQuery({
    queryKey: ["session tags", query.toString()],
    queryFn: ({ signal }) => requestJson<SpendAnswer>("/api/spend", { query, signal }),
    placeholderData: (before) => before,
  });
  const tags = TAGS.map(({ dimension, label }) => ({
    dimension,
    label,
    values: valuesOf(data, dimension),
  })).filter(({ values }) => values.length > 0);
  // In the size of one line until they are there: what stands below must not move.
  if (data && tags.length === 0) return null;
  return (
    <p className="flex min-h-5 flex-wrap gap-x-4 gap-y-1 text-[13px]">
      {tags.map(({ dimension, label, values }) => (
        <span key={dimension} className="min-w-0">
          <span className="text-ink-muted">{label} </span>
          {values.slice(0, MOST_SHOWN).map((value, place) => (
            <span key={value}>
              {place > 0 && ", "}
              <PointedLink
                href={withQuery(
                  SESSIONS_PATH,
                  sessionSearch(figures, { dimension, value }, timeZone),
                )}
                title={`Sessions of this ${label.toLowerCase()} in those days`}
                className="break-all text-link underline-offset-2 hover:underline"
              >
                {value}
              </PointedLink>
            </span>
          ))}
          {values.length > MOST_SHOWN && (
            <span className="text-ink-muted"> and {values.length - MOST_SHOWN} more</span>
          )}
        </span>
      ))}
    </p>
  );
}

function valuesOf(answer: SpendAnswer | undefined, dimension: string): string[] {
  const values = (answer?.rows ?? []).map((row) => (row as Record<string, unknown>)[dimension]);
  return [...new Set(values)].filter(
    (value) => typeof value === "string" && value !== "",
  ) as string[];
}
