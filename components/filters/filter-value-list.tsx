"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { dimensionLabel, UNTAGGED } from "@/components/filters/dimensions";
import type { Filter } from "@/components/filters/filter-param";
import { chooseTypedValue, filterValuesQuery, holdsText } from "@/components/filters/filter-values";
import type { Scope } from "@/components/filters/scope";
import { PanelError } from "@/components/states/panel-error";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";

interface FilterValueListProps {
  scope: Scope;
  dimension: string;
  onAdd: (filter: Filter) => void;
  onRemove: (filter: Filter) => void;
}

/** The values of one dimension as tick boxes; Enter in the search field takes the text as it is. */
export function FilterValueList({ scope, dimension, onAdd, onRemove }: FilterValueListProps) {
  const id = useId();
  const [search, setSearch] = useState("");
  const values = useQuery(filterValuesQuery(scope, dimension));
  const chosen = new Set(
    scope.filters.filter((entry) => entry.dimension === dimension).map((entry) => entry.value),
  );
  const listed = [...new Set([...(values.data?.values ?? []), ...chosen])].filter((value) =>
    holdsText(value || UNTAGGED, search),
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    const typed = search.trim();
    if (typed !== "") onAdd({ dimension, value: chooseTypedValue(typed, values.data ?? null) });
    setSearch("");
  }

  return (
    <form onSubmit={submit} className="mt-2 flex flex-col gap-2">
      <Input
        aria-label={`Search or type a ${dimensionLabel(dimension).toLowerCase()}`}
        placeholder="Search, or type a value and press Enter"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {values.isPending && <Skeleton className="h-32" />}
      {values.isError && (
        <PanelError
          what="The list of values"
          error={values.error}
          onRetry={() => void values.refetch()}
        />
      )}
      {values.isSuccess && (
        <ul className="-mx-1 max-h-64 overflow-y-auto">
          {listed.map((value, index) => (
            <li key={value} className="flex items-center gap-2 rounded-sm px-1 hover:bg-surface">
              <Checkbox
                id={`${id}-${index}`}
                checked={chosen.has(value)}
                onCheckedChange={(isOn) => (isOn ? onAdd : onRemove)({ dimension, value })}
              />
              <label
                htmlFor={`${id}-${index}`}
                className="min-w-0 flex-1 cursor-pointer truncate py-1.5 text-sm"
              >
                {value || UNTAGGED}
              </label>
            </li>
          ))}
          {listed.length === 0 && (
            <li className="px-1 py-2 text-ink-muted text-sm">No such value in this range.</li>
          )}
        </ul>
      )}
    </form>
  );
}
