import type { Session } from "@/components/sessions/session-answer";
import { sessionRefOf } from "@/components/sessions/session-href";
import { TableCell } from "@/components/ui/table";
import { formatCallCost, formatCount } from "@/lib/format";
import { type FemtoUsd, parseUsd } from "@/lib/money";
import { writeSessionRef } from "@/lib/sessions/session-ref";

/** The largest known cost; 0 where none is. */
export function dearestCost(sessions: readonly Session[]): FemtoUsd {
  let most = 0n;
  for (const { cost_usd: usd } of sessions) {
    const cost = readCost(usd);
    if (cost > most) most = cost;
  }
  return most;
}

/** A cost against the dearest one listed. For the eye alone: the figure stands above it. */
export function CostShare({ costUsd, dearest }: { costUsd: string | null; dearest: FemtoUsd }) {
  const perMille = dearest > 0n ? Number((readCost(costUsd) * 1000n) / dearest) : 0;
  return (
    <span
      aria-hidden="true"
      className="mt-0.5 ml-auto block h-1 bg-accent"
      style={{ width: `${perMille / 10}%` }}
    />
  );
}

function readCost(costUsd: string | null): FemtoUsd {
  return costUsd === null ? 0n : (parseUsd(costUsd) ?? 0n);
}

interface PickCellProps {
  session: Session;
  picked: readonly string[];
  onPick: (pick: string) => void;
}

/** Ticks a session to be compared. */
export function PickCell({ session, picked, onPick }: PickCellProps) {
  const pick = writeSessionRef(sessionRefOf(session));
  return (
    <TableCell className="py-0 pr-0">
      {/* The browser's own: a hundred of them need no script. The room around it counts, for a finger. */}
      <label className="block p-1">
        <input
          type="checkbox"
          aria-label={`Compare ${session.session ?? session.trace_id}`}
          checked={picked.includes(pick)}
          onChange={() => onPick(pick)}
          className="block size-4 accent-accent"
        />
      </label>
    </TableCell>
  );
}

/** The first of its agents, and how many more there are. */
export function SessionAgents({ session: { agents, agent_count: count } }: { session: Session }) {
  const [first] = agents;
  if (first === undefined) return <span className="pr-1 text-ink-muted italic">(untagged)</span>;
  return (
    <span className="flex items-center gap-1.5">
      <span className="block max-w-40 truncate">{first}</span>
      {count > 1 && <span className="text-ink-muted">+{formatCount(count - 1)}</span>}
    </span>
  );
}

/** How it ended, and what that was worth where it was told. */
export function sayOutcome({ outcome, outcome_value_usd: value }: Session): string {
  return (outcome ?? "not reported") + (value === null ? "" : ` worth ${formatCallCost(value)}`);
}
