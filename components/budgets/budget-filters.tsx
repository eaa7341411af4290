"use client";

import { parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs";
import { STATE_NAMES, STATES } from "@/components/budgets/budget-state";
import { SCOPE_WORDS } from "@/components/budgets/budget-words";
import { ChoiceSelect } from "@/components/filters/choice-select";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { BUDGET_SCOPES, type BudgetScope } from "@/lib/budgets/budget";
import type { BudgetState } from "@/lib/budgets/budget-answer-schemas";

/** Which budgets are listed, in the address. */
export const FILTER_PARAMS = {
  state: parseAsStringLiteral(STATE_NAMES),
  scope: parseAsStringLiteral(BUDGET_SCOPES),
  archived: parseAsBoolean.withDefault(false),
  // Typed letter by letter: Back leaves the page, and does not take letters back.
  find: parseAsString.withDefault("").withOptions({ history: "replace" }),
};

interface Filters {
  state: BudgetState | null;
  scope: BudgetScope | null;
  archived: boolean;
  find: string;
}

interface BudgetFiltersProps {
  filters: Filters;
  onChange: (change: {
    state?: BudgetState | null;
    scope?: BudgetScope | null;
    archived?: boolean | null;
    find?: string | null;
  }) => void;
  /** Many enough to look for one by its name. */
  isLong: boolean;
}

const ANY = "any";
const STATE_OPTIONS = [
  { value: ANY, label: "Any" },
  ...STATE_NAMES.map((value) => ({ value, label: STATES[value].label })),
];
const SCOPE_OPTIONS = [
  { value: ANY, label: "Any" },
  ...BUDGET_SCOPES.map((value) => ({
    value,
    label: `${SCOPE_WORDS[value].charAt(0).toUpperCase()}${SCOPE_WORDS[value].slice(1)}`,
  })),
];

/** Narrows the list to a state and a scope, and shows what is archived. */
export function BudgetFilters({ filters, onChange, isLong }: BudgetFiltersProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ChoiceSelect
        label="State"
        value={filters.state ?? ANY}
        options={STATE_OPTIONS}
        onChoose={(state) => onChange({ state: STATE_NAMES.find((one) => one === state) ?? null })}
      />
      <ChoiceSelect
        label="Scope"
        value={filters.scope ?? ANY}
        options={SCOPE_OPTIONS}
        onChoose={(scope) =>
          onChange({ scope: BUDGET_SCOPES.find((one) => one === scope) ?? null })
        }
      />
      {(isLong || filters.find !== "") && (
        <Input
          type="search"
          aria-label="Find a budget by its name, its owner or what it is for"
          placeholder="Find by name"
          autoComplete="off"
          className="w-44"
          value={filters.find}
          onChange={({ target }) => onChange({ find: target.value || null })}
        />
      )}
      <Button
        aria-pressed={filters.archived}
        onClick={() => onChange({ archived: filters.archived ? null : true })}
      >
        {filters.archived ? "Hide archived" : "Show archived"}
      </Button>
    </div>
  );
}
