import type { ReactNode } from "react";
import type { WholeCall } from "@/components/calls/call-answer";
import { FactList, NotSent } from "@/components/calls/fact-list";
import { dimensionLabel } from "@/components/filters/dimensions";
import { writeFilter } from "@/components/filters/filter-param";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import { formatDuration } from "@/lib/format";
import { CALLS_PATH, type SessionRef, sessionPath, withQuery } from "@/lib/paths";
import { addDays, formatLocalDate, toLocalTime } from "@/lib/zone-time";

/** Who made the call and where it stands: tags, metadata, trace, timing. */
export function CallFacts({ call, timeZone }: { call: WholeCall; timeZone: string }) {
  const linkTo = (dimension: string, value: string | null) => (
    <ValueLink call={call} timeZone={timeZone} dimension={dimension} value={value} />
  );
  const metadata = Object.entries(call.metadata ?? {});
  return (
    <Card aria-label="Tags">
      <CardHeader>
        <CardTitle>Tags</CardTitle>
      </CardHeader>
      <CardContent>
        <FactList
          facts={[
            { name: "Project", value: call.project },
            { name: "Feature", value: linkTo("feature", call.feature) },
            { name: "Agent", value: linkTo("agent", call.agent) },
            { name: "Task", value: linkTo("task", call.task) },
            { name: "Task type", value: linkTo("task_type", call.task_type) },
            { name: "User", value: linkTo("user", call.user) },
            { name: "Session", value: <TreeLink call={call} kind="session" id={call.session} /> },
            ...metadata.map(([key, value]) => ({
              name: key,
              value: linkTo(`metadata.${key}`, value),
            })),
          ]}
        />
      </CardContent>
      <CardContent className="border-line border-t">
        <h3 className="pb-2 font-semibold text-[13px]">Place in the tree</h3>
        <FactList
          facts={[
            { name: "Trace", value: <TreeLink call={call} kind="trace" id={call.trace_id} /> },
            { name: "Span", value: mono(call.span_id) },
            { name: "Parent span", value: mono(call.parent_span_id) },
            { name: "Type", value: call.type },
            { name: "Name", value: call.name },
            { name: "Attempt", value: call.attempt ?? null },
          ]}
        />
      </CardContent>
      <CardContent className="border-line border-t">
        <h3 className="pb-2 font-semibold text-[13px]">Provider and timing</h3>
        <FactList
          facts={[
            { name: "Provider", value: call.provider },
            { name: "Service tier", value: call.service_tier },
            { name: "Region", value: call.inference_geo },
            { name: "Reservation", value: linkTo("reservation_id", call.reservation_id) },
            { name: "Account", value: call.provider_account },
            { name: "Latency", value: timing(call.duration_ms) },
            { name: "First token", value: timing(call.time_to_first_token_ms) },
            {
              name: "Received",
              value: <Moment at={call.ingested_at} timeZone={timeZone} hasSeconds />,
            },
          ]}
        />
      </CardContent>
    </Card>
  );
}

interface TreeLinkProps {
  call: WholeCall;
  kind: SessionRef["kind"];
  id: string | null;
}

/** Leads to the tree that the call stands in. */
function TreeLink({ call, kind, id }: TreeLinkProps) {
  if (id === null || id === "") return <NotSent />;
  return (
    <PointedLink
      href={sessionPath({ kind, id, project: call.project })}
      title={`The tree of this ${kind}`}
      className="break-all text-link underline-offset-2 hover:underline"
    >
      {id}
    </PointedLink>
  );
}

interface ValueLinkProps {
  call: WholeCall;
  timeZone: string;
  dimension: string;
  value: string | null;
}

/** Leads to the calls with the same value from the day before this call to the day after it. */
function ValueLink({ call, timeZone, dimension, value }: ValueLinkProps) {
  if (value === null || value === "") return <NotSent />;
  const day = toLocalTime(Date.parse(call.timestamp), timeZone);
  const search = new URLSearchParams({
    project: call.project,
    range: "custom",
    from: formatLocalDate(addDays(day, -1)),
    to: formatLocalDate(addDays(day, 1)),
    filter: writeFilter({ dimension, value }),
  });
  return (
    <PointedLink
      href={withQuery(CALLS_PATH, search)}
      title={`Calls with this ${dimensionLabel(dimension).toLowerCase()} around that day`}
      className="break-all text-link underline-offset-2 hover:underline"
    >
      {value}
    </PointedLink>
  );
}

function mono(text: string | null | undefined): ReactNode {
  return text ? <span className="break-all font-mono text-xs">{text}</span> : null;
}

function timing(durationMs: number | null | undefined): string | null {
  return durationMs == null ? null : formatDuration(durationMs);
}
