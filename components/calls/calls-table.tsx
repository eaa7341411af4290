"use client";

import { Ban, CircleAlert } from "lucide-react";
import { memo } from "react";
import type { Call } from "@/components/calls/call-answer";
import { CallCost } from "@/components/calls/call-cost";
import { costStatusWords } from "@/components/calls/cost-status";
import { Badge } from "@/components/ui/badge";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCount, formatDuration } from "@/lib/format";

interface CallsTableProps {
  calls: readonly Call[];
  timeZone: string;
  /** The project's column, where calls of several projects are listed. */
  hasProjects: boolean;
  /** Address of one call. */
  callHref: (call: Call) => string;
}

/** Calls, newest first; the time leads to the whole call. The cost stands beside it, in sight on a phone too. */
export const CallsTable = memo(function CallsTable({
  calls,
  timeZone,
  hasProjects,
  callHref,
}: CallsTableProps) {
  return (
    <Table label="List of calls">
      <TableHeader>
        <TableRow>
          <TableHead className="pl-4">Time</TableHead>
          <TableHead className="text-right">Cost</TableHead>
          {hasProjects && <TableHead className="max-sm:hidden">Project</TableHead>}
          <TableHead>Model</TableHead>
          <TableHead>Agent</TableHead>
          <TableHead>Feature</TableHead>
          <TableHead className="text-right">Tokens in</TableHead>
          <TableHead className="text-right">Tokens out</TableHead>
          <TableHead className="text-right">Latency</TableHead>
          <TableHead>Status</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {calls.map((call) => (
          <TableRow key={`${call.project} ${call.id}`} className="hover:bg-surface">
            <TableCell className="py-0.5 pl-4">
              <PointedLink
                href={callHref(call)}
                className="flex min-h-7 items-center text-link underline-offset-2 hover:underline"
              >
                <Moment at={call.timestamp} timeZone={timeZone} hasSeconds />
              </PointedLink>
            </TableCell>
            <TableCell className="figures">
              <CallCost
                costUsd={call.cost_usd}
                status={call.cost_status}
                isCounted={call.counted}
              />
            </TableCell>
            {hasProjects && (
              <TableCell className="text-ink-muted max-sm:hidden">{call.project}</TableCell>
            )}
            <TableCell title={modelTitle(call)}>
              <Tag text={call.model ?? call.name ?? call.type} />
            </TableCell>
            <TableCell>
              <Tag text={call.agent} />
            </TableCell>
            <TableCell>
              <Tag text={call.feature} />
            </TableCell>
            <TableCell className="figures">{tokens(call.usage?.input_tokens)}</TableCell>
            <TableCell className="figures">{tokens(call.usage?.output_tokens)}</TableCell>
            <TableCell className="figures">{formatDuration(call.duration_ms)}</TableCell>
            <TableCell>
              <CallStatus call={call} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
});

/** A tag's value, or in words that it was not sent. */
function Tag({ text }: { text: string | null }) {
  if (text === null || text === "")
    return <span className="pr-1 text-ink-muted italic">(untagged)</span>;
  return <span className="block max-w-52 truncate">{text}</span>;
}

/** What went wrong with the call or with its price; `OK` where nothing did. */
export function CallStatus({ call }: { call: Call }) {
  const { label, variant } = costStatusWords(call.cost_status);
  return (
    <span className="flex items-center gap-1.5">
      {!call.counted && (
        <Badge>
          <Ban aria-hidden="true" />
          Voided
        </Badge>
      )}
      {call.status === "error" ? (
        <Badge variant="danger">
          <CircleAlert aria-hidden="true" />
          {call.error_type?.replaceAll("_", " ") ?? "error"}
        </Badge>
      ) : (
        <span className="text-ink-muted">OK</span>
      )}
      {call.cost_status !== "priced" && <Badge variant={variant}>{label}</Badge>}
    </span>
  );
}

/** Tokens that were not reported are unknown, not 0. */
function tokens(count: number | undefined): string {
  return count === undefined ? "—" : formatCount(count);
}

function modelTitle({ provider, model, requested_model }: Call): string {
  const asked =
    requested_model && requested_model !== model ? `, requested ${requested_model}` : "";
  return `${provider ?? "unknown provider"}: ${model ?? "no model"}${asked}`;
}
