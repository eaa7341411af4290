"use client";

import { useState } from "react";
import { DayState } from "@/components/integrity/day-state";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCostSum, formatCount, formatExactUsd, UNKNOWN } from "@/lib/format";
import type { IntegrityDayAnswer } from "@/lib/integrity/integrity-schemas";

const FIRST_ROWS = 31;

interface DaysTableProps {
  days: readonly IntegrityDayAnswer[];
  /** Days of the range; more than `days` where the answer was cut. */
  count: number;
  hasProjects: boolean;
  timeZone: string;
}

/** The three sums of each UTC day, latest first; what needs a word has it under its row. */
export function DaysTable({ days, count, hasProjects, timeZone }: DaysTableProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? days : days.slice(0, FIRST_ROWS);
  const columns = hasProjects ? 9 : 8;
  return (
    <>
      <Table label="Compared days">
        <TableHeader>
          <TableRow>
            <TableHead className="pl-4">Day (UTC)</TableHead>
            <TableHead>State</TableHead>
            <TableHead className="text-right">Difference</TableHead>
            {hasProjects && <TableHead>Project</TableHead>}
            <TableHead className="text-right">Events</TableHead>
            <TableHead className="text-right">Calls</TableHead>
            <TableHead className="text-right">Rollups</TableHead>
            <TableHead className="text-right">Counters</TableHead>
            <TableHead className="pr-4">Compared</TableHead>
          </TableRow>
        </TableHeader>
        {shown.map((day) => (
          <DayRows
            key={`${day.day} ${day.project}`}
            day={day}
            hasProjects={hasProjects}
            columns={columns}
            timeZone={timeZone}
          />
        ))}
      </Table>
      {count > shown.length && (
        <div className="flex items-center justify-between gap-3 border-line border-t px-4 py-2.5 text-[13px] text-ink-muted">
          <span aria-live="polite">
            The latest {formatCount(shown.length)} of {formatCount(count)} days
          </span>
          {!isWhole && (
            <Button size="small" onClick={() => setWhole(true)}>
              Show {formatCount(days.length)}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

interface DayRowsProps {
  day: IntegrityDayAnswer;
  hasProjects: boolean;
  columns: number;
  timeZone: string;
}

function DayRows({ day, hasProjects, columns, timeZone }: DayRowsProps) {
  // The words of a repair say what differed.
  const words = day.state === "moving" ? day.note : (day.repair ?? day.note);
  return (
    <TableBody>
      <TableRow className="hover:bg-surface first:[&>*]:border-t">
        <TableHead scope="row" className="tabular py-1.5 pl-4 font-normal">
          {day.day}
        </TableHead>
        <TableCell>
          <DayState state={day.state} />
        </TableCell>
        <TableCell className="figures">
          <Difference day={day} />
        </TableCell>
        {hasProjects && <TableCell className="text-ink-muted">{day.project}</TableCell>}
        <TableCell className="figures">
          {day.calls ? formatCount(day.calls.events) : UNKNOWN}
        </TableCell>
        <TableCell className="figures">
          <Sum usd={day.calls?.cost_usd} absent={day.state === "sealed" ? "expired" : UNKNOWN} />
        </TableCell>
        <TableCell className="figures">
          <Sum
            usd={day.rollups?.cost_usd}
            absent={day.state === "sealed" ? "sealed" : "not rolled up yet"}
          />
        </TableCell>
        <TableCell className="figures">
          <Sum usd={day.counters?.cost_usd} absent="none yet" />
        </TableCell>
        <TableCell className="pr-4 text-ink-muted">
          <Moment at={day.checked_at} timeZone={timeZone} />
        </TableCell>
      </TableRow>
      {words && (
        <tr>
          <td colSpan={columns} className="px-4 pb-2 text-ink-muted">
            <p className="max-w-[calc(100vw-3.5rem)] text-pretty sm:max-w-2xl">{words}</p>
          </td>
        </tr>
      )}
    </TableBody>
  );
}

function Sum({ usd, absent }: { usd: string | undefined; absent: string }) {
  if (usd === undefined) return <span className="text-ink-muted">{absent}</span>;
  return <span title={formatExactUsd(usd)}>{formatCostSum(usd)}</span>;
}

/** None, or its dollars; while a day moves nobody knows it, and of a repaired day it is what it was. */
function Difference({ day }: { day: IntegrityDayAnswer }) {
  if (day.difference_usd === null) return <span className="text-ink-muted">{UNKNOWN}</span>;
  if (day.state === "equal") return <span className="text-ink-muted">none</span>;
  const text = /^0(\.0*)?$/.test(day.difference_usd) ? "counts" : formatCostSum(day.difference_usd);
  return (
    <span title={formatExactUsd(day.difference_usd)}>
      {day.state === "repaired" ? `was ${text}` : text}
    </span>
  );
}
