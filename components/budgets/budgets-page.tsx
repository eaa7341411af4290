"use client";

import { useQuery } from "@tanstack/react-query";
import { ListFilter, PiggyBank, Plus } from "lucide-react";
import { useQueryStates } from "nuqs";
import { BudgetFilters, FILTER_PARAMS } from "@/components/budgets/budget-filters";
import { BudgetItem } from "@/components/budgets/budget-item";
import { budgetsQuery } from "@/components/budgets/budget-requests";
import { CapDialog } from "@/components/budgets/cap-dialog";
import { filterBudgets, summarise } from "@/components/budgets/filter-budgets";
import { useCap } from "@/components/filters/cap";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import { EmptyState } from "@/components/states/empty-state";
import { NeedsRole } from "@/components/states/needs-role";
import { Panel } from "@/components/states/panel";
import { SlowNote } from "@/components/states/slow-note";
import { useLast } from "@/components/states/use-last";
import { Button } from "@/components/ui/button";
import type { BudgetAnswer } from "@/lib/budgets/budget-answer-schemas";
import { budgetPath } from "@/lib/paths";

/** More than one finds by looking. */
const LONG = 10;

/** Will we stay inside? Every budget, the nearest to its end first. */
export function BudgetsPage() {
  const { project, projects } = useWorkspace();
  const may = useMay();
  const { open } = useCap();
  const [filters, setFilters] = useQueryStates(FILTER_PARAMS, { history: "push" });
  const query = useQuery(budgetsQuery(project, filters.archived));
  const shown = useLast(query.data?.budgets ?? null);
  const mayMake =
    may("budgets.write_everywhere", null) ||
    projects.some(({ slug }) => may("budgets.write", slug));
  const make = () => open({});
  const listed = shown ? filterBudgets(shown, { ...filters, text: filters.find }) : [];
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Budgets</h1>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-ink-muted text-sm">
          {shown && shown.length > 0
            ? summarise(shown)
            : "A budget caps what an agent, a feature, a user or anything else may spend, before it is spent."}
        </p>
        {mayMake ? (
          <Button variant="primary" onClick={make}>
            <Plus aria-hidden="true" />
            New budget
          </Button>
        ) : (
          <NeedsRole permission="budgets.write" what="Making a budget" />
        )}
      </div>
      {(shown === null || shown.length > 0 || filters.archived) && (
        <BudgetFilters
          filters={filters}
          onChange={(change) => void setFilters(change)}
          isLong={(shown?.length ?? 0) > LONG}
        />
      )}
      <SlowNote isWaiting={query.isLoading} shorter={null} />
      <Panel
        name="Budgets"
        error={query.error}
        onRetry={() => void query.refetch()}
        isCurrent={query.data !== undefined}
        skeletonHeight={320}
      >
        {shown && (
          <List
            budgets={listed}
            isFilteredOut={shown.length > 0}
            onClear={() => void setFilters({ state: null, scope: null, find: null })}
            onMake={mayMake ? make : null}
            project={project}
          />
        )}
      </Panel>
      <CapDialog />
    </div>
  );
}

interface ListProps {
  budgets: readonly BudgetAnswer[];
  isFilteredOut: boolean;
  onClear: () => void;
  /** Null where the reader may not. */
  onMake: (() => void) | null;
  project: string;
}

function List({ budgets, isFilteredOut, onClear, onMake, project }: ListProps) {
  if (budgets.length === 0 && isFilteredOut) {
    return (
      <EmptyState
        icon={ListFilter}
        title="No budget is like that"
        actions={<Button onClick={onClear}>Clear the filters</Button>}
      >
        What is chosen above leaves none.
      </EmptyState>
    );
  }
  if (budgets.length === 0) {
    return (
      <EmptyState
        icon={PiggyBank}
        title="Nothing is capped here"
        actions={onMake && <Button onClick={onMake}>Make the first budget</Button>}
      >
        An agent in a loop spends until somebody notices. A budget notices first: it takes half a
        minute, from here or from any row of Explore.
      </EmptyState>
    );
  }
  const query = new URLSearchParams(project === ALL_PROJECTS ? {} : { project });
  return (
    <ul aria-label="List of budgets">
      {budgets.map((budget) => (
        <BudgetItem key={budget.id} budget={budget} href={budgetPath(budget.id, query)} />
      ))}
    </ul>
  );
}
