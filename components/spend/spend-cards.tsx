import type { ReactNode } from "react";
import { totalTokens } from "@/components/spend/metric";
import type { SpendFigures } from "@/components/spend/spend-answer";
import { SpendChange } from "@/components/spend/spend-change";
import { Skeleton } from "@/components/ui/skeleton";
import type { Change } from "@/lib/change";
import {
  formatCostSum,
  formatCount,
  formatDuration,
  formatExactUsd,
  formatQuantity,
  formatShare,
  formatTokens,
} from "@/lib/format";

interface SpendCardsProps {
  total: SpendFigures | null;
  /** The cost against the comparison; null where nothing is compared, or nothing is known yet. */
  costChange: Change | null;
  onShowUnpriced: () => void;
  onShowErrors: () => void;
}

/** The five figures of a range. The cost is the one finance quotes: the table's footer is the same number. */
export function SpendCards({ total, costChange, onShowUnpriced, onShowErrors }: SpendCardsProps) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-panel border border-line bg-line sm:grid-cols-3 xl:grid-cols-5">
      <Figure
        name="Total cost"
        className="col-span-2 sm:col-span-1"
        value={
          total && (
            <span title={formatExactUsd(total.cost_usd)}>{formatCostSum(total.cost_usd)}</span>
          )
        }
        note={
          total && (
            <>
              {costChange && <SpendChange change={costChange} metric="cost" />}
              <span>{costNote(total)}</span>
            </>
          )
        }
      />
      <Figure
        name="Calls"
        value={total && formatCount(total.calls)}
        note={
          total &&
          [
            typeof total.p95_duration_ms !== "number"
              ? null
              : `p95 latency ${formatDuration(total.p95_duration_ms)}`,
            retriesNote(total),
          ]
            .filter((part) => part !== null)
            .join(" · ")
        }
      />
      <Figure
        name="Tokens"
        value={total && <Tokens total={total} />}
        note={total && cachedNote(total)}
      />
      <Figure
        name="Unpriced calls"
        value={total && formatCount(total.unpriced_calls)}
        tone={total && total.unpriced_calls > 0 ? "caution" : undefined}
        note={total && <PriceNote total={total} onShow={onShowUnpriced} />}
      />
      <Figure
        name="Errors"
        className="sm:max-xl:col-span-2"
        value={total && formatCount(total.errors)}
        tone={total && total.errors > 0 ? "danger" : undefined}
        note={
          total &&
          (total.errors > 0 ? (
            <>
              {formatShare(BigInt(total.errors), BigInt(total.calls)) ?? "—"} of calls ·{" "}
              <FigureLink onClick={onShowErrors}>Show</FigureLink>
            </>
          ) : (
            "None"
          ))
        }
      />
    </dl>
  );
}

interface FigureProps {
  name: string;
  value: ReactNode;
  note: ReactNode;
  tone?: "caution" | "danger" | undefined;
  className?: string;
}

const TONES = { caution: "text-caution", danger: "text-danger" };

function Figure({ name, value, note, tone, className }: FigureProps) {
  return (
    <div className={`min-w-0 bg-page px-4 py-3 ${className ?? ""}`}>
      <dt className="text-[13px] text-ink-muted">{name}</dt>
      <dd className="min-h-14.5">
        {value === null ? (
          <Skeleton className="mt-1.5 h-10 w-28" />
        ) : (
          <>
            <span
              className={`tabular block truncate font-semibold text-[22px] tracking-tight ${tone ? TONES[tone] : ""}`}
            >
              {value}
            </span>
            <span className="flex min-h-6 flex-wrap items-center gap-x-1 text-ink-muted text-xs">
              {note}
            </span>
          </>
        )}
      </dd>
    </div>
  );
}

function Tokens({ total }: { total: SpendFigures }) {
  const tokens = totalTokens(total);
  const exact = tokens === null ? "no usage reported" : formatQuantity(tokens, "token");
  return <span title={exact}>{formatTokens(tokens)}</span>;
}

/** How many lack a price, whole or in part; never "every call has one" beside a part that has none. */
function PriceNote({ total, onShow }: { total: SpendFigures; onShow: () => void }) {
  const partial =
    total.partial_calls > 0 ? `${formatCount(total.partial_calls)} priced in part` : null;
  if (total.unpriced_calls === 0) return partial ?? "Every call has a price";
  return (
    <>
      <FigureLink onClick={onShow}>Show them</FigureLink>
      {partial && ` · ${partial}`}
    </>
  );
}

function FigureLink({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="min-h-6 font-medium text-link underline-offset-2 hover:underline"
    >
      {children}
    </button>
  );
}

/** A sum with unpriced or partly priced calls in it is a lower bound, and has to say so. */
function costNote(total: SpendFigures): string {
  if (total.cost_usd === null) return "No cost is known for these calls";
  if (total.unpriced_calls + total.partial_calls > 0)
    return "At least: some calls have no known cost";
  return "Every call priced";
}

/** How many were retries and what is known of their cost; null where there are none, or nobody knows. */
function retriesNote({ retries, retry_cost_usd, unpriced_retries }: SpendFigures): string | null {
  if (!retries) return null;
  const bound = unpriced_retries && retry_cost_usd !== null ? "at least " : "";
  return `${formatQuantity(retries, "retry", "retries")}, ${bound}${formatCostSum(retry_cost_usd)}`;
}

function cachedNote(total: SpendFigures): string {
  const share = formatShare(BigInt(total.cache_read_tokens ?? 0), BigInt(total.input_tokens ?? 0));
  const parts = `${formatTokens(total.input_tokens)} in, ${formatTokens(total.output_tokens)} out`;
  // The sign stays with its number where the note breaks.
  return share ? `${parts} · ${share.replace(" ", "\u00a0")} cached` : parts;
}
