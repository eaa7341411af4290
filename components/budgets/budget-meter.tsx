import { STATES } from "@/components/budgets/budget-state";
import { type Meter, type MeterInput, prepareMeters } from "@/components/budgets/prepare-meter";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import type { BudgetState } from "@/lib/budgets/budget-answer-schemas";

interface BudgetMeterProps {
  /** Names it: the budget's name. */
  label: string;
  budget: MeterInput & { state: BudgetState };
  /** `nearest` shows the limit that ends first alone. */
  shows?: "all" | "nearest";
  isLarge?: boolean;
}

/** How full a budget is: a bar for each limit, with its words under it. */
export function BudgetMeter({ label, budget, shows = "all", isLarge = false }: BudgetMeterProps) {
  const meters = prepareMeters(budget);
  const shown = shows === "nearest" ? meters.slice(0, 1) : meters;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {shown.map((meter) => (
        <MeterBar
          key={meter.measure}
          label={label}
          meter={meter}
          tone={TONES[budget.state]}
          isLarge={isLarge}
        />
      ))}
    </div>
  );
}

/** The words say it; the colour only repeats them. */
const TONES: Readonly<Record<BudgetState, string>> = {
  counting: "bg-control",
  ok: "bg-accent",
  warning: "bg-caution",
  exceeded: "bg-danger",
  locked: "bg-danger",
};

interface MeterBarProps {
  label: string;
  meter: Meter;
  tone: string;
  isLarge: boolean;
}

function MeterBar({ label, meter, tone, isLarge }: MeterBarProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1" title={meter.exact}>
      <div
        // Its words stand under it.
        aria-hidden="true"
        className={cn(
          "flex overflow-hidden rounded-full border border-control bg-page",
          isLarge ? "h-4" : "h-2.5",
        )}
      >
        <span className={tone} style={{ width: `${meter.spentWidth * 100}%` }} />
        {/* Striped, and not another colour alone: what is held is not spent. */}
        <span
          className="meter-held text-ink-muted"
          style={{ width: `${meter.heldWidth * 100}%` }}
        />
      </div>
      <p className={cn("tabular", isLarge ? "text-sm" : "text-[13px]")}>
        <span className="sr-only">{label}: </span>
        {meter.words}
      </p>
    </div>
  );
}

/** A budget's state: an icon and a word. */
export function StateBadge({ state }: { state: BudgetState }) {
  const { icon: Icon, label, variant, meaning } = STATES[state];
  return (
    <Badge variant={variant} title={meaning}>
      <Icon aria-hidden="true" />
      {label}
    </Badge>
  );
}
