"use client";

import {
  CircleCheck,
  CircleDashed,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Wrench,
} from "lucide-react";
import { type ComponentProps, useState } from "react";
import {
  describeDifference,
  sortBudgetChecks,
  summariseBudgetChecks,
} from "@/components/integrity/prepare-budget-checks";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
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
import { formatCount, UNKNOWN } from "@/lib/format";
import type { IntegrityBudgetAnswer } from "@/lib/integrity/integrity-schemas";
import { budgetPath } from "@/lib/paths";

/** What differed stands first. */
const FIRST_ROWS = 10;

interface BudgetChecksTableProps {
  checks: readonly IntegrityBudgetAnswer[];
  hasProjects: boolean;
  timeZone: string;
}

/** When each budget's counters were last held against the calls, and what they differed by. */
export function BudgetChecksTable({ checks, hasProjects, timeZone }: BudgetChecksTableProps) {
  const [isWhole, setWhole] = useState(false);
  const sorted = sortBudgetChecks(checks);
  const shown = isWhole ? sorted : sorted.slice(0, FIRST_ROWS);
  return (
    <>
      <p className="px-4 pt-1 pb-3 text-[13px] text-ink-muted">{summariseBudgetChecks(checks)}</p>
      {checks.length > 0 && (
        <Table label="Budgets against the calls">
          <TableHeader>
            <TableRow>
              <TableHead className="pl-4">Budget</TableHead>
              <TableHead>State</TableHead>
              <TableHead className="text-right">Difference</TableHead>
              {hasProjects && <TableHead>Project</TableHead>}
              <TableHead>Compared</TableHead>
              <TableHead className="pr-4">Repaired</TableHead>
            </TableRow>
          </TableHeader>
          {shown.map((check) => (
            <CheckRows key={check.id} check={check} hasProjects={hasProjects} timeZone={timeZone} />
          ))}
        </Table>
      )}
      {sorted.length > shown.length && (
        <div className="flex items-center justify-between gap-3 border-line border-t px-4 py-2.5 text-[13px] text-ink-muted">
          {formatCount(shown.length)} of {formatCount(sorted.length)} budgets
          <Button size="small" onClick={() => setWhole(true)}>
            Show {formatCount(sorted.length)}
          </Button>
        </div>
      )}
    </>
  );
}

interface CheckRowsProps {
  check: IntegrityBudgetAnswer;
  hasProjects: boolean;
  timeZone: string;
}

function CheckRows({ check, hasProjects, timeZone }: CheckRowsProps) {
  const { words, exact, repair } = describeDifference(check);
  return (
    <TableBody>
      <TableRow className="hover:bg-surface first:[&>*]:border-t">
        <TableHead scope="row" className="py-1.5 pl-4 font-normal">
          <PointedLink
            href={budgetPath(check.id)}
            title={check.name}
            className="block max-w-52 truncate underline-offset-2 hover:underline sm:max-w-80"
          >
            {check.name}
          </PointedLink>
        </TableHead>
        <TableCell>
          <CheckState state={check.state} />
        </TableCell>
        <TableCell className="figures" {...(exact ? { title: exact } : {})}>
          {words === null || words === "none" ? (
            <span className="text-ink-muted">{words ?? UNKNOWN}</span>
          ) : (
            words
          )}
        </TableCell>
        {hasProjects && (
          <TableCell className="text-ink-muted">{check.project ?? "all projects"}</TableCell>
        )}
        <TableCell className="text-ink-muted">
          {check.checked_at ? <Moment at={check.checked_at} timeZone={timeZone} /> : "not yet"}
        </TableCell>
        <TableCell className="pr-4 text-ink-muted">
          {check.repaired_at ? <Moment at={check.repaired_at} timeZone={timeZone} /> : "never"}
        </TableCell>
      </TableRow>
      {repair && (
        <tr>
          <td colSpan={hasProjects ? 6 : 5} className="px-4 pb-2 text-ink-muted">
            <p className="max-w-[calc(100vw-3.5rem)] text-pretty sm:max-w-2xl">{repair}</p>
          </td>
        </tr>
      )}
    </TableBody>
  );
}

const WORDS: Record<
  IntegrityBudgetAnswer["state"],
  {
    label: string;
    icon: LucideIcon;
    variant: NonNullable<ComponentProps<typeof Badge>["variant"]>;
    meaning: string;
  }
> = {
  equal: {
    label: "Equal",
    icon: CircleCheck,
    variant: "good",
    meaning: "The counters that decide equal the sum of the calls.",
  },
  moving: {
    label: "Being compared",
    icon: Hourglass,
    variant: "neutral",
    meaning: "Its counters are built anew from the calls. Those that decide go on deciding.",
  },
  repaired: {
    label: "Repaired",
    icon: Wrench,
    variant: "caution",
    meaning: "Its counters differed once from the calls, and are equal since.",
  },
  counting: {
    label: "Counting",
    icon: LoaderCircle,
    variant: "neutral",
    meaning: "What was spent since its period began is counted; it stops nothing until then.",
  },
  unchecked: {
    label: "Not compared yet",
    icon: CircleDashed,
    variant: "neutral",
    meaning: "Each budget is held against the calls once a day, and when you check now.",
  },
};

/** A word and an icon; the colour only repeats them. */
function CheckState({ state }: { state: IntegrityBudgetAnswer["state"] }) {
  const { label, icon: Icon, variant, meaning } = WORDS[state];
  return (
    <Badge variant={variant} title={meaning}>
      <Icon aria-hidden="true" />
      {label}
    </Badge>
  );
}
