"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useDeferredValue, useMemo } from "react";
import { type Call, callsQuery } from "@/components/calls/call-answer";
import { CallsTable } from "@/components/calls/calls-table";
import { listCsvChoices } from "@/components/calls/list-csv-choices";
import { type Scope, scopeSearch } from "@/components/filters/scope";
import { ScopedList } from "@/components/filters/scoped-list";
import { useScope } from "@/components/filters/use-scope";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { callPath } from "@/lib/paths";

/** What was this? The calls of a range and filters, newest first. */
export function CallsList({ actions }: { actions?: ReactNode }) {
  const state = useScope();
  const { scope } = state;
  const { projects } = useWorkspace();
  const query = useInfiniteQuery(callsQuery(scope));
  const calls = useMemo(
    (): Call[] | null => query.data?.pages.flatMap((page) => page.calls) ?? null,
    [query.data],
  );
  // Of the rows alone: they follow what was asked for.
  const shownScope = useDeferredValue(scope);
  const hrefOf = useCallback((call: Call) => callHref(call, shownScope), [shownScope]);
  return (
    <ScopedList
      name="Calls"
      noun="call"
      order="newest"
      state={state}
      query={query}
      rows={calls}
      expiredBefore={query.data?.pages[0]?.expired_before ?? null}
      csv={listCsvChoices(scope)}
      actions={actions}
    >
      {(shown) => (
        <CallsTable
          calls={shown}
          timeZone={scope.timeZone}
          callHref={hrefOf}
          hasProjects={scope.project === ALL_PROJECTS && projects.length > 1}
        />
      )}
    </ScopedList>
  );
}

/** A call's address with the list's range and filters in it: they lead back to this very list. */
function callHref(call: Call, scope: Scope): string {
  const search = scopeSearch(scope);
  search.delete("project");
  return search.size > 0 ? `${callPath(call)}&${search}` : callPath(call);
}
