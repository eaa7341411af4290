"use client";

import { type FormEvent, useId, useState } from "react";
import type { Scope } from "@/components/filters/scope";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { CUSTOM_RANGE_LETTER, type RangeChoice } from "@/lib/time-range";
import { formatLocalDate, toLocalTime } from "@/lib/zone-time";

interface CustomRangeFormProps {
  scope: Scope;
  onChoose: (choice: RangeChoice) => void;
}

/** Two dates, both included, in the organisation's zone. */
export function CustomRangeForm({ scope, onChoose }: CustomRangeFormProps) {
  const id = useId();
  const { range, timeZone } = scope;
  const [from, setFrom] = useState(() => dateOf(range.fromMs, timeZone));
  const [to, setTo] = useState(() => dateOf(range.toMs - 1, timeZone));
  const isBackwards = from !== "" && to !== "" && from > to;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isBackwards && from && to) onChoose({ range: "custom", from, to });
  }

  return (
    <form onSubmit={submit} className="mt-1.5 border-line border-t p-2 pt-2.5">
      <div className="flex items-center justify-between pb-2 text-sm">
        Custom range
        <kbd className="font-mono text-ink-muted text-xs uppercase">{CUSTOM_RANGE_LETTER}</kbd>
      </div>
      <div className="grid grid-cols-[auto_1fr] items-center gap-2">
        <Label htmlFor={`${id}-from`}>From</Label>
        <Input
          id={`${id}-from`}
          type="date"
          required
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <Label htmlFor={`${id}-to`}>To</Label>
        <Input
          id={`${id}-to`}
          type="date"
          required
          value={to}
          aria-invalid={isBackwards}
          aria-describedby={isBackwards ? `${id}-error` : undefined}
          onChange={(event) => setTo(event.target.value)}
        />
      </div>
      {isBackwards && (
        <p id={`${id}-error`} role="alert" className="pt-2 text-danger text-xs">
          The range ends before it begins.
        </p>
      )}
      <Button type="submit" variant="primary" size="small" className="mt-2.5 w-full">
        Show
      </Button>
    </form>
  );
}

function dateOf(instantMs: number, timeZone: string): string {
  return formatLocalDate(toLocalTime(instantMs, timeZone));
}
