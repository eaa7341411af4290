"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, type ReactNode, useMemo } from "react";
import type { Session, SessionOrder, SessionSort } from "@/components/sessions/session-answer";
import {
  CostShare,
  dearestCost,
  PickCell,
  SessionAgents,
  sayOutcome,
} from "@/components/sessions/session-cells";
import { SessionCost } from "@/components/sessions/session-cost";
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
import { formatCount, formatDuration, formatTokens } from "@/lib/format";

interface SessionsTableProps {
  sessions: readonly Session[];
  timeZone: string;
  /** The project's column, where sessions of several projects are listed. */
  hasProjects: boolean;
  order: SessionOrder;
  /** Absent where the order is fixed. */
  onOrder?: (order: SessionOrder) => void;
  /** Address of a session's own page. */
  hrefOf: (session: Session) => string;
  /** Address of the calls of a session. */
  callsHrefOf: (session: Session) => string;
  /** Sessions that are ticked, as `writeSessionRef` writes them; absent where none can be. */
  picked?: readonly string[];
  onPick?: (pick: string) => void;
}

/**
 * Sessions in one order; the name leads to its page, and the cost stands beside it, in sight on a phone too. A bar under
 * the cost is its share of the dearest one listed.
 */
export const SessionsTable = memo(function SessionsTable(props: SessionsTableProps) {
  const { sessions, timeZone, hasProjects, hrefOf, callsHrefOf, picked, onPick } = props;
  const dearest = useMemo(() => dearestCost(sessions), [sessions]);
  // A column of nothing is no use: outcomes are there where somebody reports them.
  const hasOutcomes = sessions.some(({ outcome }) => outcome !== null);
  return (
    <Table label="List of sessions">
      <TableHeader>
        <TableRow>
          {onPick && (
            <TableHead className="pr-0">
              <span className="sr-only">Compare</span>
            </TableHead>
          )}
          <TableHead className={onPick ? "" : "pl-4"}>Session</TableHead>
          <SortHead {...props} id="cost">
            Cost
          </SortHead>
          {hasProjects && <TableHead className="max-sm:hidden">Project</TableHead>}
          <SortHead {...props} id="calls">
            Calls
          </SortHead>
          <SortHead {...props} id="steps">
            Steps
          </SortHead>
          <TableHead className="text-right">Tokens in</TableHead>
          <TableHead className="text-right">Tokens out</TableHead>
          <SortHead {...props} id="duration">
            Duration
          </SortHead>
          <SortHead {...props} id="errors">
            Errors
          </SortHead>
          <TableHead className="text-right">Retries</TableHead>
          {hasOutcomes && <TableHead>Outcome</TableHead>}
          <TableHead>Agents</TableHead>
          <SortHead {...props} id="started" isText>
            Started
          </SortHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {sessions.map((session) => (
          <TableRow key={keyOf(session)} className="hover:bg-surface">
            {onPick && <PickCell session={session} picked={picked ?? []} onPick={onPick} />}
            <TableCell className={onPick ? "py-0.5" : "py-0.5 pl-4"}>
              <PointedLink
                href={hrefOf(session)}
                className="flex min-h-7 items-center gap-1.5 text-link underline-offset-2 hover:underline"
              >
                <span className="block max-w-40 truncate sm:max-w-72">
                  {session.session ?? session.trace_id}
                </span>
                {session.session === null && <Badge>Trace</Badge>}
              </PointedLink>
            </TableCell>
            <TableCell className="figures">
              <SessionCost session={session} />
              <CostShare costUsd={session.cost_usd} dearest={dearest} />
            </TableCell>
            {hasProjects && (
              <TableCell className="text-ink-muted max-sm:hidden">{session.project}</TableCell>
            )}
            <TableCell className="figures">
              <PointedLink
                href={callsHrefOf(session)}
                className="text-link underline-offset-2 hover:underline"
              >
                {formatCount(session.calls)}
              </PointedLink>
            </TableCell>
            <TableCell className="figures">{formatCount(session.steps)}</TableCell>
            <TableCell className="figures">{formatTokens(session.input_tokens)}</TableCell>
            <TableCell className="figures">{formatTokens(session.output_tokens)}</TableCell>
            <TableCell className="figures">{formatDuration(session.duration_ms)}</TableCell>
            <TableCell className="figures">
              {session.errors > 0 ? (
                <span className="text-danger">{formatCount(session.errors)}</span>
              ) : (
                "0"
              )}
            </TableCell>
            <TableCell className="figures">{formatCount(session.retries)}</TableCell>
            {hasOutcomes && <TableCell>{sayOutcome(session)}</TableCell>}
            <TableCell title={session.agents.join(", ")}>
              <SessionAgents session={session} />
            </TableCell>
            <TableCell>
              <Moment at={session.started_at} timeZone={timeZone} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
});

const keyOf = ({ project, session, trace_id }: Session): string =>
  JSON.stringify([project, session, trace_id]);

interface SortHeadProps extends Pick<SessionsTableProps, "order" | "onOrder"> {
  id: SessionSort;
  isText?: boolean;
  children: ReactNode;
}

/** The head of a column that sorts; the first click on another one shows its largest first. */
function SortHead({ id, order, onOrder, isText = false, children }: SortHeadProps) {
  const isSorted = order.id === id;
  const className = isText ? "" : "text-right";
  if (!onOrder) return <TableHead className={className}>{children}</TableHead>;
  const Arrow = order.desc ? ArrowDown : ArrowUp;
  const direction = order.desc ? "descending" : "ascending";
  return (
    <TableHead aria-sort={isSorted ? direction : "none"} className={className}>
      <button
        type="button"
        onClick={() => onOrder({ id, desc: isSorted ? !order.desc : true })}
        className="-mx-1.5 inline-flex min-h-6 items-center gap-1 rounded-sm px-1.5 hover:text-ink"
      >
        {isSorted && <Arrow aria-hidden="true" className="size-3.5" />}
        {children}
      </button>
    </TableHead>
  );
}
