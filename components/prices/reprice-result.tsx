import { ArrowDown, ArrowUp, Equal } from "lucide-react";
import { Button } from "@/components/ui/button";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { CorrectionAnswer } from "@/lib/corrections/correction-schemas";
import { formatCostSum, formatCount, formatExactUsd, formatQuantity } from "@/lib/format";

const SHOWN_MODELS = 20;

/** What a reprice changed, or would change: dollars, calls, and how many costs stay unknown. */
export function RepriceResult({ reprice }: { reprice: CorrectionAnswer }) {
  const { models, calls_changed: changed, calls_seen: seen } = reprice;
  return (
    <div className="flex flex-col gap-3 text-[13px]">
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-control border border-line bg-line sm:grid-cols-3">
        <Figure name="Difference">
          <Difference usd={reprice.difference_usd} />
        </Figure>
        <Figure name="Calls that change" note={`of ${formatCount(seen)} looked at`}>
          {formatCount(changed)}
        </Figure>
        <Figure
          name="Without a known cost"
          note={`before ${formatCount(reprice.unknown_before)}`}
          className="max-sm:col-span-2"
        >
          {formatCount(reprice.unknown_after)}
        </Figure>
      </dl>
      {models.length > 1 && (
        <Table label="By model" className="min-w-full">
          <TableHeader>
            <TableRow>
              <TableHead className="pl-0">Model</TableHead>
              <TableHead className="text-right">Calls</TableHead>
              <TableHead className="text-right">Difference</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {models.slice(0, SHOWN_MODELS).map((sum) => (
              <TableRow key={`${sum.provider} ${sum.model}`}>
                <TableCell className="max-w-64 truncate pl-0" title={sum.provider}>
                  {sum.model || "(no model)"}
                </TableCell>
                <TableCell className="figures">{formatCount(sum.calls)}</TableCell>
                <TableCell className="figures">
                  <span title={formatExactUsd(sum.difference_usd)}>
                    {formatCostSum(sum.difference_usd)}
                  </span>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </div>
  );
}

interface FigureProps {
  name: string;
  note?: string;
  className?: string;
  children: React.ReactNode;
}

function Figure({ name, note, className, children }: FigureProps) {
  return (
    <div className={`min-w-0 bg-page px-3 py-2 ${className ?? ""}`}>
      <dt className="text-ink-muted">{name}</dt>
      <dd>
        <span className="tabular block font-semibold text-base">{children}</span>
        {note && <span className="text-ink-muted text-xs">{note}</span>}
      </dd>
    </div>
  );
}

/** By how much the total moves: an arrow and a word; more is never green. */
export function Difference({ usd }: { usd: string }) {
  const isLess = usd.startsWith("-");
  const isNone = /^-?0(\.0*)?$/.test(usd);
  const Icon = isNone ? Equal : isLess ? ArrowDown : ArrowUp;
  const word = isNone ? "no change" : isLess ? "less" : "more";
  return (
    <span title={formatExactUsd(usd)} className="inline-flex items-center gap-1">
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      {!isNone && formatCostSum(isLess ? usd.slice(1) : usd)} {word}
    </span>
  );
}

interface RepriceProgressProps {
  /** null: it was asked for, and nothing is known of it yet. */
  reprice: CorrectionAnswer | null;
  what: string;
  onCancel: () => void;
  isCancelling: boolean;
}

/** How far a reprice is, and a way to stop it. */
export function RepriceProgress({ reprice, what, onCancel, isCancelling }: RepriceProgressProps) {
  const total = reprice?.calls_total ?? null;
  const seen = reprice?.calls_seen ?? 0;
  const isStopping = isCancelling || reprice?.state === "cancelled";
  return (
    <div className="flex flex-col gap-2 text-[13px]">
      <progress
        aria-label={what}
        {...(total === null ? {} : { value: Math.min(seen, total), max: Math.max(1, total) })}
        className="h-1.5 w-full accent-accent"
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p aria-live="polite" className="text-ink-muted">
          {isStopping
            ? "Stopping after the batch under way…"
            : total === null
              ? `${what}: counting the calls…`
              : `${what}: ${formatCount(seen)} of ${formatQuantity(total, "call")} looked at`}
        </p>
        {reprice && !isStopping && (
          <Button size="small" onClick={onCancel}>
            Stop
          </Button>
        )}
      </div>
    </div>
  );
}
