"use client";

import { CalendarDays } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { CustomRangeForm } from "@/components/filters/custom-range-form";
import type { Scope } from "@/components/filters/scope";
import { useLetterKeys } from "@/components/layout/use-letter-keys";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import {
  CUSTOM_RANGE_LETTER,
  describeRange,
  RANGE_PRESETS,
  type RangeChoice,
} from "@/lib/time-range";
import { formatOffset } from "@/lib/zone-time";

interface RangeMenuProps {
  scope: Scope;
  onChoose: (choice: RangeChoice) => void;
}

/** The range: presets with their letters, a custom range, and the dates and zone in words beside it. */
export function RangeMenu({ scope, onChoose }: RangeMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const wantsCustom = useRef(false);
  const { choice, range, timeZone } = scope;

  const choose = (next: RangeChoice) => {
    setOpen(false);
    onChoose(next);
  };
  const onLetter = useCallback(
    (letter: string) => {
      const preset = RANGE_PRESETS.find((entry) => entry.letter === letter);
      if (preset) onChoose({ range: preset.id, from: null, to: null });
      if (letter !== CUSTOM_RANGE_LETTER) return;
      wantsCustom.current = true;
      setOpen(true);
    },
    [onChoose],
  );
  useLetterKeys(onLetter);

  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <Popover open={isOpen} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button aria-label={`Range: ${rangeLabel(choice)}`}>
            <CalendarDays aria-hidden="true" className="text-ink-muted" />
            {rangeLabel(choice)}
          </Button>
        </PopoverTrigger>
        <PopoverContent
          aria-label="Range"
          className="w-64 p-1.5"
          onOpenAutoFocus={(event) => {
            if (!wantsCustom.current || !(event.target instanceof Element)) return;
            wantsCustom.current = false;
            event.preventDefault();
            event.target.querySelector<HTMLInputElement>("input")?.focus();
          }}
        >
          {RANGE_PRESETS.map(({ id, label, letter }) => (
            <button
              key={id}
              type="button"
              aria-pressed={choice.range === id}
              aria-keyshortcuts={letter}
              onClick={() => choose({ range: id, from: null, to: null })}
              className={cn(
                "flex h-8 w-full items-center justify-between rounded-sm px-2 text-sm hover:bg-surface-strong",
                choice.range === id && "bg-accent-soft font-medium",
              )}
            >
              {label}
              <kbd className="font-mono text-ink-muted text-xs uppercase">{letter}</kbd>
            </button>
          ))}
          <CustomRangeForm scope={scope} onChoose={choose} />
        </PopoverContent>
      </Popover>
      <p className="tabular text-[13px] text-ink-muted">
        {describeRange(range, timeZone)}
        <span aria-hidden="true"> · </span>
        <span className="whitespace-nowrap">{zoneLabel(timeZone, range.toMs)}</span>
      </p>
    </div>
  );
}

function rangeLabel(choice: RangeChoice): string {
  return RANGE_PRESETS.find((preset) => preset.id === choice.range)?.label ?? "Custom range";
}

function zoneLabel(timeZone: string, instantMs: number): string {
  const offset = formatOffset(instantMs, timeZone);
  return offset === timeZone ? timeZone : `${timeZone} (${offset})`;
}
