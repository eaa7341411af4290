"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useId } from "react";
import { classLabel, formatPrice } from "@/components/prices/price-words";
import { type CatalogueRow, catalogueQuery } from "@/components/prices/prices-answer";
import { useSettled } from "@/components/prices/use-settled";
import { PanelError } from "@/components/states/panel-error";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { mapsToName } from "@/lib/prices/maps-to-name";

interface CatalogueSearchProps {
  project: string;
  /** Whose calls they are: a model of their own provider is named without it. */
  provider: string;
  text: string;
  onText: (text: string) => void;
  value: string;
  fault: string | undefined;
  onChoose: (mapsTo: string) => void;
}

/** Finds a model of the catalogue by a part of its name; one of those found is chosen. */
export function CatalogueSearch(props: CatalogueSearchProps) {
  const { project, provider, text, onText, value, fault, onChoose } = props;
  const id = useId();
  const query = useInfiniteQuery(catalogueQuery(project, useSettled(text)));
  const models = listModels(query.data?.pages[0]?.catalogue ?? []);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5" aria-describedby={`${id}-note`}>
      <legend className="sr-only">Catalogue model</legend>
      <Label htmlFor={id}>Priced like</Label>
      <Input
        id={id}
        type="search"
        value={text}
        placeholder="Search the catalogue"
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
      />
      <p id={`${id}-note`} className={cn("text-xs", fault ? "text-danger" : "text-ink-muted")}>
        {fault ?? (value ? `Chosen: ${value}` : "Its list prices hold, also when they change.")}
      </p>
      {query.error && (
        <PanelError what="The catalogue" error={query.error} onRetry={() => void query.refetch()} />
      )}
      <ul
        aria-label="Models found"
        aria-busy={query.isFetching}
        className="max-h-52 overflow-y-auto rounded-control border border-line"
      >
        {models.map((row) => {
          const name = mapsToName(provider, row);
          return (
            <li
              key={`${row.provider} ${row.model}`}
              className="border-line border-t first:border-t-0"
            >
              <label className="flex min-h-9 cursor-pointer flex-wrap items-center gap-x-2 px-2.5 py-1 text-[13px] hover:bg-surface has-checked:bg-accent-soft">
                <input
                  type="radio"
                  name={`${id}-model`}
                  checked={value === name}
                  onChange={() => onChoose(name)}
                  className="accent-accent"
                />
                <span className="min-w-0 break-all font-mono text-xs">{row.model}</span>
                <span className="text-ink-muted">{row.provider}</span>
                <span className="tabular ml-auto text-ink-muted text-xs">{mainPrices(row)}</span>
              </label>
            </li>
          );
        })}
        {query.data && models.length === 0 && (
          <li className="px-2.5 py-2 text-[13px] text-ink-muted">
            No model of the catalogue has that in its name.
          </li>
        )}
      </ul>
    </fieldset>
  );
}

/** Each model once, by its plain price: tiers, places and long contexts come with it. */
function listModels(rows: readonly CatalogueRow[]): CatalogueRow[] {
  const models = new Map<string, CatalogueRow>();
  for (const row of rows) {
    const key = `${row.provider} ${row.model}`;
    if (row.multiplier === null && !models.has(key)) models.set(key, row);
  }
  return [...models.values()];
}

function mainPrices({ prices }: CatalogueRow): string {
  return ["input", "output"]
    .flatMap((name) => {
      const usd = prices[name];
      return usd === undefined ? [] : [`${classLabel(name).toLowerCase()} ${formatPrice(usd)}`];
    })
    .join(" · ");
}
