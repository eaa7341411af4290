"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { createParser, useQueryState } from "nuqs";
import { type ReactNode, useCallback, useDeferredValue, useMemo } from "react";
import { ScopedList } from "@/components/filters/scoped-list";
import { useScope } from "@/components/filters/use-scope";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { listCsvChoices } from "@/components/sessions/list-csv-choices";
import {
  DEFAULT_ORDER,
  readOrder,
  type Session,
  type SessionOrder,
  sessionsQuery,
  writeOrder,
} from "@/components/sessions/session-answer";
import { sessionCallsHref } from "@/components/sessions/session-calls-href";
import { sessionHref } from "@/components/sessions/session-href";
import { usePickedSessions } from "@/components/sessions/use-picked-sessions";

// On its way beside the first question, whose answer it waits for anyway.
const table = import("@/components/sessions/sessions-table");
const SessionsTable = dynamic(() => table.then((module) => module.SessionsTable), { ssr: false });

// Nobody compares at first sight; its place is as high as it is.
const CompareBar = dynamic(
  () => import("@/components/sessions/compare-bar").then((module) => module.CompareBar),
  { ssr: false, loading: () => <div className="min-h-11 border-line border-b" /> },
);

const PAGE_SIZE = 100;
const orderParser = createParser<SessionOrder>({
  parse: readOrder,
  serialize: writeOrder,
  eq: (one, two) => writeOrder(one) === writeOrder(two),
})
  .withDefault(DEFAULT_ORDER)
  .withOptions({ history: "push" });

/** What of each order comes first, in words. */
const FIRST: Record<SessionOrder["id"], [descending: string, ascending: string]> = {
  cost: ["dearest", "cheapest"],
  started: ["newest", "oldest"],
  duration: ["longest", "shortest"],
  calls: ["first", "first"],
  steps: ["first", "first"],
  errors: ["first", "first"],
};

/** What did the agent spend it on? The sessions of a range and filters, dearest first. */
export function SessionsList({ actions }: { actions?: ReactNode }) {
  const state = useScope();
  const { scope } = state;
  const { projects } = useWorkspace();
  const [order, setOrder] = useQueryState("sort", orderParser);
  const query = useInfiniteQuery(sessionsQuery(scope, order, PAGE_SIZE));
  const sessions = useMemo(
    (): Session[] | null => query.data?.pages.flatMap((page) => page.sessions) ?? null,
    [query.data],
  );
  // Of the rows alone: they follow what was asked for.
  const shownScope = useDeferredValue(scope);
  const shownOrder = useDeferredValue(order);
  const hrefOf = useCallback((session: Session) => sessionHref(session, shownScope), [shownScope]);
  const callsHrefOf = useCallback(
    (session: Session) => sessionCallsHref(session, shownScope),
    [shownScope],
  );
  const { picks, toggle, clear } = usePickedSessions();
  const chooseOrder = useCallback((next: SessionOrder) => void setOrder(next), [setOrder]);
  return (
    <ScopedList
      name="Sessions"
      noun="session"
      order={FIRST[order.id][order.desc ? 0 : 1]}
      state={state}
      query={query}
      rows={sessions}
      expiredBefore={query.data?.pages[0]?.expired_before ?? null}
      csv={listCsvChoices(scope)}
      actions={actions}
    >
      {(shown) => (
        <>
          <CompareBar picks={picks} onClear={clear} />
          <SessionsTable
            sessions={shown}
            timeZone={scope.timeZone}
            hasProjects={scope.project === ALL_PROJECTS && projects.length > 1}
            order={shownOrder}
            onOrder={chooseOrder}
            hrefOf={hrefOf}
            callsHrefOf={callsHrefOf}
            picked={picks}
            onPick={toggle}
          />
        </>
      )}
    </ScopedList>
  );
}
