"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { scopeSearch } from "@/components/filters/scope";
import { usePresetScope } from "@/components/filters/use-preset-scope";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { useWorkspace } from "@/components/layout/workspace";
import { DEFAULT_ORDER, sessionsQuery } from "@/components/sessions/session-answer";
import { sessionCallsHref } from "@/components/sessions/session-calls-href";
import { sessionHref } from "@/components/sessions/session-href";
import { SessionsTable } from "@/components/sessions/sessions-table";
import { Panel } from "@/components/states/panel";
import { CardDescription, CardTitle } from "@/components/ui/card";
import { PointedLink } from "@/components/ui/pointed-link";
import { SESSIONS_PATH, withQuery } from "@/lib/paths";
import { describeRange } from "@/lib/time-range";

const COUNT = 5;

/** The few sessions that cost most in the last seven days. */
export function CostliestSessions() {
  const scope = usePresetScope("7d");
  const { projects } = useWorkspace();
  const query = useInfiniteQuery(sessionsQuery(scope, DEFAULT_ORDER, COUNT));
  const sessions = query.data?.pages[0]?.sessions;
  return (
    <Panel
      name="Costliest sessions"
      error={query.error}
      onRetry={() => void query.refetch()}
      isCurrent={sessions !== undefined}
      skeletonHeight={280}
    >
      {sessions && (
        <>
          <div className="flex flex-wrap items-start justify-between gap-2 px-4 pt-3 pb-2">
            <div>
              <CardTitle>Costliest sessions</CardTitle>
              <CardDescription>{describeRange(scope.range, scope.timeZone)}</CardDescription>
            </div>
            <PointedLink
              href={withQuery(SESSIONS_PATH, scopeSearch(scope))}
              className="font-medium text-[13px] text-link underline-offset-2 hover:underline"
            >
              All sessions
            </PointedLink>
          </div>
          {sessions.length === 0 ? (
            <p className="px-4 pb-4 text-[13px] text-ink-muted">
              No session in these seven days: calls without a session and a trace are of none.
            </p>
          ) : (
            <SessionsTable
              sessions={sessions}
              timeZone={scope.timeZone}
              hasProjects={scope.project === ALL_PROJECTS && projects.length > 1}
              order={DEFAULT_ORDER}
              hrefOf={(session) => sessionHref(session, scope)}
              callsHrefOf={(session) => sessionCallsHref(session, scope)}
            />
          )}
        </>
      )}
    </Panel>
  );
}
