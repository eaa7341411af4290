import { type ReactNode, useMemo } from "react";
import { COMPARED_BY, compareSteps, sayMoved } from "@/components/traces/compare-sessions";
import { Difference } from "@/components/traces/difference";
import type { SessionTree } from "@/components/traces/trace-answer";
import { Card, CardTitle } from "@/components/ui/card";
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
import {
  formatCostSum,
  formatCount,
  formatDuration,
  formatExactUsd,
  formatTokens,
} from "@/lib/format";
import { formatUsd } from "@/lib/money";
import { type SessionRef, sessionPath } from "@/lib/paths";

interface ComparedHeadsProps {
  /** A, then B. */
  refs: readonly [SessionRef, SessionRef];
  sessions: readonly [SessionTree, SessionTree];
  timeZone: string;
}

/** The figures of both, and what moved in words. */
export function ComparedHeads({ refs, sessions, timeZone }: ComparedHeadsProps) {
  const [a, b] = sessions;
  const words = useMemo(() => {
    const [agent, model] = COMPARED_BY;
    const byAgent = compareSteps(a.tree, b.tree, agent.nameOf);
    return sayMoved(a.tree, b.tree, byAgent, compareSteps(a.tree, b.tree, model.nameOf));
  }, [a, b]);
  return (
    <Card aria-label="Both sessions" className="overflow-hidden">
      <div className="px-4 pt-3.5 pb-2">
        <CardTitle>What moved</CardTitle>
        <p className="break-words text-sm">{words}</p>
      </div>
      <Table label="Figures of both sessions" className="max-sm:[&_td]:px-1.5 max-sm:[&_th]:px-1.5">
        <TableHeader>
          <TableRow>
            <TableHead className="pl-4">
              <span className="sr-only">Figure</span>
            </TableHead>
            {refs.map((ref, place) => (
              <TableHead key={place === 0 ? "a" : "b"} className="text-right">
                {place === 0 ? "A " : "B "}
                <PointedLink
                  href={sessionPath(ref)}
                  className="text-link underline-offset-2 hover:underline"
                >
                  <span className="inline-block max-w-16 truncate align-bottom sm:max-w-72">
                    {ref.id}
                  </span>
                </PointedLink>
              </TableHead>
            ))}
            <TableHead className="pr-4 text-right">B against A</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          <TableRow className="max-sm:hidden">
            <TableHead scope="row" className="pl-4 font-normal">
              Began
            </TableHead>
            {sessions.map(({ figures }, place) => (
              <TableCell key={place === 0 ? "a" : "b"} className="figures">
                <Moment at={figures.started_at} timeZone={timeZone} />
              </TableCell>
            ))}
            <TableCell />
          </TableRow>
          {FIGURES.map(({ name, read, format, isBurden }) => (
            <TableRow key={name}>
              <TableHead scope="row" className="pl-4 font-normal">
                {name}
              </TableHead>
              {sessions.map((session, place) => (
                <TableCell key={place === 0 ? "a" : "b"} className="figures">
                  {format(read(session))}
                </TableCell>
              ))}
              <TableCell className="pr-4 text-right">
                <Difference
                  a={read(a)}
                  b={read(b)}
                  isBurden={isBurden}
                  format={(amount) => format(amount)}
                />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}

interface ComparedFigure {
  name: string;
  /** In the figure's own integer; null: not known. */
  read: (session: SessionTree) => bigint | null;
  format: (amount: bigint | null) => ReactNode;
  /** More of it is worse. */
  isBurden: boolean;
}

const count = (name: string, read: (session: SessionTree) => number): ComparedFigure => ({
  name,
  read: (session) => BigInt(Math.round(read(session))),
  format: (amount) => formatCount(amount ?? 0n),
  isBurden: false,
});
const tokens = (name: string, read: (session: SessionTree) => number | null): ComparedFigure => ({
  name,
  read: (session) => {
    const value = read(session);
    return value === null ? null : BigInt(value);
  },
  format: (amount) => formatTokens(amount === null ? null : Number(amount)),
  isBurden: false,
});

const FIGURES: readonly ComparedFigure[] = [
  {
    name: "Cost",
    read: ({ tree }) => tree.totalUsd,
    format: (amount) => {
      const text = amount === null ? null : formatUsd(amount);
      return <span title={formatExactUsd(text)}>{formatCostSum(text)}</span>;
    },
    isBurden: true,
  },
  count("Calls", ({ figures }) => figures.calls),
  count("Steps", ({ figures }) => figures.steps),
  tokens("Tokens in", ({ figures }) => figures.input_tokens),
  tokens("From the cache", ({ figures }) => figures.cache_read_tokens),
  tokens("Tokens out", ({ figures }) => figures.output_tokens),
  {
    ...count("Duration", ({ figures }) => figures.duration_ms),
    format: (amount) => formatDuration(Number(amount ?? 0n)),
  },
  { ...count("Errors", ({ figures }) => figures.errors), isBurden: true },
  { ...count("Retries", ({ answer }) => answer.retry_count), isBurden: true },
  { ...count("Loops", ({ answer }) => answer.loop_count), isBurden: true },
  count("Agents", ({ answer }) => answer.agent_count),
  count("Unpriced", ({ figures }) => figures.unpriced_calls + figures.partial_calls),
];
