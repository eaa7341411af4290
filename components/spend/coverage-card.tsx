"use client";

import { dimensionLabel } from "@/components/filters/dimensions";
import { type Scope, scopeSearch } from "@/components/filters/scope";
import type { Coverage } from "@/components/spend/prepare-coverage";
import { useCoverage } from "@/components/spend/use-coverage";
import { PointedLink } from "@/components/ui/pointed-link";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCostSum, formatExactUsd, formatQuantity, UNKNOWN } from "@/lib/format";
import { formatUsd } from "@/lib/money";
import { EXPLORE_PATH, withQuery } from "@/lib/paths";

/** How much of the month each tag accounts for, in dollars and in calls, with the way to what is nobody's. */
export function CoverageCard({ scope }: { scope: Scope }) {
  const { coverage, retry } = useCoverage(scope);
  return (
    <div className="min-w-0 bg-page px-4 py-3">
      <dt className="text-[13px] text-ink-muted">Cost and calls that carry a tag</dt>
      <dd className="min-h-19 pt-1">
        <table className="tabular w-full text-[13px] leading-5">
          <thead className="sr-only">
            <tr>
              <th scope="col">Tag</th>
              <th scope="col">Of the cost</th>
              <th scope="col">Of the calls</th>
              <th scope="col">Without it</th>
            </tr>
          </thead>
          <tbody>
            {coverage.map((tag) => (
              <tr key={tag.dimension}>
                <th scope="row" className="max-w-24 truncate pr-2 text-left font-normal">
                  {dimensionLabel(tag.dimension)}
                </th>
                {tag.coverage ? (
                  <TagCells coverage={tag.coverage} scope={scope} />
                ) : (
                  <td colSpan={3}>
                    {tag.hasFailed ? UNKNOWN : <Skeleton className="h-3.5 w-full" />}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
        {retry && (
          <p className="pt-1 text-xs">
            Some of it could not be asked.{" "}
            <button type="button" onClick={retry} className="min-h-6 font-medium text-link">
              Retry
            </button>
          </p>
        )}
      </dd>
    </div>
  );
}

function TagCells({ coverage, scope }: { coverage: Coverage; scope: Scope }) {
  const { percent, callsPercent, untaggedCalls } = coverage;
  return (
    <>
      <td className="pr-2 text-right font-semibold">{printPercent(percent)}</td>
      <td
        className="whitespace-nowrap pr-2 text-right text-ink-muted"
        title={`${formatQuantity(untaggedCalls, "call")} without it`}
      >
        {callsPercent === null ? UNKNOWN : `${callsPercent} % of calls`}
      </td>
      <td className="whitespace-nowrap text-right">
        <Untagged coverage={coverage} scope={scope} />
      </td>
    </>
  );
}

/** What lacks the tag, as the way to it. Free calls lack it too: then their number stands for them. */
function Untagged({ coverage, scope }: { coverage: Coverage; scope: Scope }) {
  const { dimension, untaggedFemtoUsd, untaggedCalls } = coverage;
  const hasCost = untaggedFemtoUsd !== null && untaggedFemtoUsd > 0n;
  if (!hasCost && untaggedCalls === 0) return <span className="text-ink-muted">all</span>;
  const cost = untaggedFemtoUsd === null ? null : formatUsd(untaggedFemtoUsd);
  const filters = [{ dimension, value: "" }];
  return (
    <PointedLink
      href={withQuery(EXPLORE_PATH, scopeSearch(scope, filters))}
      title={hasCost ? formatExactUsd(cost) : formatQuantity(untaggedCalls, "call")}
      className="font-medium text-link underline-offset-2 hover:underline"
    >
      {hasCost ? formatCostSum(cost) : formatQuantity(untaggedCalls, "call")}
      <span className="sr-only"> without {dimensionLabel(dimension).toLowerCase()}</span>
    </PointedLink>
  );
}

function printPercent(percent: number | null): string {
  return percent === null ? UNKNOWN : `${percent} %`;
}
