"use client";

import { useQuery } from "@tanstack/react-query";
import { SeverityIcon } from "@/components/alerts/alert-badges";
import { openAlertsQuery } from "@/components/alerts/alert-requests";
import { exactFigures } from "@/components/alerts/exact-figures";
import { summariseOpen } from "@/components/alerts/summarise-open";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { PointedLink } from "@/components/ui/pointed-link";
import { ALERTS_PATH, withQuery } from "@/lib/paths";

/** Alerts that nobody acknowledged, the gravest first; nothing at all where there are none. */
export function AlertsStrip() {
  const { project } = useWorkspace();
  const { data, isError } = useQuery(openAlertsQuery(project));
  const open = data ? summariseOpen(data) : null;
  if (open === null && !isError) return null;
  const query = new URLSearchParams(project === ALL_PROJECTS ? {} : { project });
  query.set("state", "open");
  return (
    <section
      aria-label="Open alerts"
      className="flex flex-wrap items-start gap-x-4 gap-y-1 rounded-control border border-line bg-surface px-3 py-2 text-[13px]"
    >
      <div className="flex min-w-0 flex-1 basis-60 flex-col gap-1">
        <p className="font-medium">
          {open?.title ?? "Whether there are alerts could not be asked just now."}
        </p>
        {open && (
          <ul className="flex flex-col gap-0.5">
            {open.named.map((alert) => (
              <li
                key={alert.id}
                className="flex gap-1.5"
                title={exactFigures(alert.facts) ?? undefined}
              >
                <SeverityIcon severity={alert.severity} />
                <span className="min-w-0 [overflow-wrap:anywhere]">{alert.title}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <PointedLink
        href={withQuery(ALERTS_PATH, query)}
        className="font-medium text-link underline-offset-2 hover:underline"
      >
        {open && open.rest > 0 ? `Alerts, ${open.rest} more` : "Alerts"}
      </PointedLink>
    </section>
  );
}
