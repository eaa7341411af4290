"use client";

import { useQuery } from "@tanstack/react-query";
import { UNTAGGED } from "@/components/filters/dimensions";
import { type Scope, scopeSearch } from "@/components/filters/scope";
import { groupName, spendQuery } from "@/components/spend/spend-answer";
import { groupsQuestion, narrowToRow } from "@/components/spend/spend-questions";
import { sumFigures } from "@/components/spend/sum-figures";
import { Panel } from "@/components/states/panel";
import { CardTitle } from "@/components/ui/card";
import { PointedLink } from "@/components/ui/pointed-link";
import {
  Table,
  TableBody,
  TableCell,
  TableFooter,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCostSum, formatCount, formatExactUsd } from "@/lib/format";
import { EXPLORE_PATH, withQuery } from "@/lib/paths";

const SHOWN = 8;
const REFRESH_MS = 15_000;

interface BreakdownPanelProps {
  scope: Scope;
  dimension: string;
  /** As a heading: "By person". */
  title: string;
}

/** Who or what cost most, the dearest first; each leads to Explore, and all rows add up to the total. */
export function BreakdownPanel({ scope, dimension, title }: BreakdownPanelProps) {
  const query = useQuery({
    ...spendQuery(groupsQuestion(scope, [dimension], false)),
    refetchInterval: scope.nowMs < scope.range.toMs ? REFRESH_MS : false,
  });
  const answer = query.data;
  const shown = answer?.rows.slice(0, SHOWN) ?? [];
  const hidden = answer?.rows.slice(SHOWN) ?? [];
  const others = [...hidden, ...(answer?.rest ? [answer.rest] : [])];
  const href = (name?: string | null) => {
    const filters =
      name === undefined ? scope.filters : narrowToRow(scope.filters, [dimension], [name]);
    const search = scopeSearch(scope, filters);
    search.set("group", dimension);
    return withQuery(EXPLORE_PATH, search);
  };
  return (
    <Panel
      name={title}
      error={query.error}
      onRetry={() => void query.refetch()}
      isCurrent={answer !== undefined}
      skeletonHeight={360}
    >
      {answer && (
        <>
          <div className="flex items-center justify-between gap-2 px-4 pt-3 pb-2">
            <CardTitle>{title}</CardTitle>
            <PointedLink href={href()} className={LINK}>
              All in Explore
            </PointedLink>
          </div>
          <Table label={title}>
            <TableHeader>
              <TableRow>
                <TableHead className="pl-4">Name</TableHead>
                <TableHead className="text-right">Calls</TableHead>
                <TableHead className="pr-4 text-right">Cost</TableHead>
              </TableRow>
            </TableHeader>
            <TableBody>
              {shown.map((row) => {
                const name = groupName(row, dimension);
                return (
                  <TableRow key={name ?? ""}>
                    <TableCell className="max-w-44 truncate pl-4" title={name ?? UNTAGGED}>
                      <PointedLink href={href(name)} className={LINK}>
                        {name ?? UNTAGGED}
                      </PointedLink>
                    </TableCell>
                    <Figures figures={row} />
                  </TableRow>
                );
              })}
              {others.length > 0 && (
                <TableRow>
                  <TableCell className="pl-4 text-ink-muted">All others</TableCell>
                  <Figures figures={sumFigures(others)} />
                </TableRow>
              )}
            </TableBody>
            <TableFooter>
              <TableRow>
                <TableCell className="pl-4">Total</TableCell>
                <Figures figures={answer.total} />
              </TableRow>
            </TableFooter>
          </Table>
        </>
      )}
    </Panel>
  );
}

const LINK = "font-medium text-[13px] text-link underline-offset-2 hover:underline";

function Figures({ figures }: { figures: { calls: number; cost_usd: string | null } }) {
  return (
    <>
      <TableCell className="figures">{formatCount(figures.calls)}</TableCell>
      <TableCell className="figures pr-4" title={formatExactUsd(figures.cost_usd)}>
        {formatCostSum(figures.cost_usd)}
      </TableCell>
    </>
  );
}
