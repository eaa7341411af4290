"use client";

import { ListFilter } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { DimensionSelect } from "@/components/filters/dimension-select";
import { DEFAULT_GROUP } from "@/components/filters/dimensions";
import type { Filter } from "@/components/filters/filter-param";
import { FilterValueList } from "@/components/filters/filter-value-list";
import type { Scope } from "@/components/filters/scope";
import { useLetterKeys } from "@/components/layout/use-letter-keys";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";

interface AddFilterProps {
  scope: Scope;
  onAdd: (filter: Filter) => void;
  onRemove: (filter: Filter) => void;
}

/** Adds filters: a dimension, then any of its values (`/` opens it). */
export function AddFilter({ scope, onAdd, onRemove }: AddFilterProps) {
  const [isOpen, setOpen] = useState(false);
  const [dimension, setDimension] = useState<string>(DEFAULT_GROUP);
  const wantsSearch = useRef(false);
  const onLetter = useCallback((letter: string, event: KeyboardEvent) => {
    if (letter !== "/") return;
    // Or the slash would stand in the field, and some browsers open a search of their own.
    event.preventDefault();
    wantsSearch.current = true;
    setOpen(true);
  }, []);
  useLetterKeys(onLetter);
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button aria-keyshortcuts="/">
          <ListFilter aria-hidden="true" className="text-ink-muted" />
          Filter
        </Button>
      </PopoverTrigger>
      <PopoverContent
        aria-label="Add a filter"
        className="w-80"
        // `/` is for typing: to the search at once, past the choice of the dimension.
        onOpenAutoFocus={(event) => {
          if (!wantsSearch.current || !(event.target instanceof Element)) return;
          wantsSearch.current = false;
          event.preventDefault();
          event.target.querySelector<HTMLInputElement>("input")?.focus();
        }}
      >
        <DimensionSelect label="Where" value={dimension} onChoose={setDimension} />
        <FilterValueList
          key={dimension}
          scope={scope}
          dimension={dimension}
          onAdd={onAdd}
          onRemove={onRemove}
        />
      </PopoverContent>
    </Popover>
  );
}
