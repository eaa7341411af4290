"use client";

import { ChevronsDownUp, ChevronsUpDown, Search } from "lucide-react";
import { useCallback, useRef } from "react";
import { useLetterKeys } from "@/components/layout/use-letter-keys";
import type { TreeFilter } from "@/components/traces/shown-steps";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

interface TreeToolbarProps {
  filter: TreeFilter;
  onFilter: (change: Partial<TreeFilter>) => void;
  onExpandAll: () => void;
  onCollapseAll: () => void;
  /** How much is left of how much, in words. */
  count: string;
}

/** Finds steps, leaves the cheap and the good ones out, opens and closes everything. */
export function TreeToolbar({ filter, onFilter, count, ...props }: TreeToolbarProps) {
  const field = useRef<HTMLInputElement>(null);
  const onLetter = useCallback((letter: string, event: KeyboardEvent) => {
    if (letter !== "/") return;
    event.preventDefault();
    field.current?.focus();
  }, []);
  useLetterKeys(onLetter);
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
      <div className="relative w-full sm:w-60">
        <Search
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-muted"
        />
        <Input
          ref={field}
          type="search"
          aria-label="Find a step, an agent or a model"
          aria-keyshortcuts="/"
          placeholder="Find a step, agent, model"
          className="pl-8"
          value={filter.find}
          onChange={({ target }) => onFilter({ find: target.value })}
        />
      </div>
      <Toggle isOn={filter.isDearOnly} onToggle={(isDearOnly) => onFilter({ isDearOnly })}>
        From 1 %
      </Toggle>
      <Toggle isOn={filter.isFailedOnly} onToggle={(isFailedOnly) => onFilter({ isFailedOnly })}>
        Errors
      </Toggle>
      <span aria-live="polite" className="text-[13px] text-ink-muted">
        {count}
      </span>
      <span className="ml-auto flex gap-1">
        <Button variant="ghost" size="small" onClick={props.onExpandAll} aria-label="Open all">
          <ChevronsUpDown aria-hidden="true" />
          <span className="max-sm:sr-only">Open all</span>
        </Button>
        <Button variant="ghost" size="small" onClick={props.onCollapseAll} aria-label="Close all">
          <ChevronsDownUp aria-hidden="true" />
          <span className="max-sm:sr-only">Close all</span>
        </Button>
      </span>
    </div>
  );
}

interface ToggleProps {
  isOn: boolean;
  onToggle: (isOn: boolean) => void;
  children: string;
}

function Toggle({ isOn, onToggle, children }: ToggleProps) {
  return (
    <Button
      size="small"
      aria-pressed={isOn}
      onClick={() => onToggle(!isOn)}
      className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-link"
    >
      {children}
    </Button>
  );
}
