"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { scopeSearch } from "@/components/filters/scope";
import { useScope } from "@/components/filters/use-scope";
import { useWorkspace } from "@/components/layout/workspace";
import { PanelError } from "@/components/states/panel-error";
import { SlowNote } from "@/components/states/slow-note";
import { AgentsPanel } from "@/components/traces/agents-panel";
import { ContextPanel } from "@/components/traces/context-panel";
import { MoneyPath } from "@/components/traces/money-path-words";
import { SessionHead } from "@/components/traces/session-head";
import { SESSION_PARAMS } from "@/components/traces/session-params";
import type { StepCall } from "@/components/traces/step-details";
import { type SessionTree, sessionQuery } from "@/components/traces/trace-answer";
import { TreePanel } from "@/components/traces/tree-panel";
import { useSessionCommands } from "@/components/traces/use-session-commands";
import { ViewTabs } from "@/components/traces/view-tabs";
import { Button } from "@/components/ui/button";
import { PointedLink } from "@/components/ui/pointed-link";
import { Skeleton } from "@/components/ui/skeleton";
import { SESSIONS_PATH, withQuery } from "@/lib/paths";

interface SessionPageProps {
  kind: "session" | "trace";
  id: string;
  /** What the page knows of a step's own call. */
  renderCall: (call: StepCall) => ReactNode;
}

/** What did the agent spend it on? One session, or one trace, step by step. */
export function SessionPage({ kind, id, renderCall }: SessionPageProps) {
  const { project } = useWorkspace();
  const { scope } = useScope();
  const query = useQuery(sessionQuery({ kind, id, project }));
  const { data: session, error } = query;
  return (
    <div className="flex flex-col gap-4">
      <div>
        <Button asChild variant="ghost" size="small" className="-ml-2 text-ink-muted">
          <PointedLink href={withQuery(SESSIONS_PATH, scopeSearch(scope))}>
            <ArrowLeft aria-hidden="true" />
            Sessions
          </PointedLink>
        </Button>
      </div>
      {error && (
        <>
          {!session && <h1 className="break-all font-semibold text-lg">{id}</h1>}
          <PanelError
            what={kind === "session" ? "This session" : "This trace"}
            error={error}
            {...(session ? { failure: "could not be refreshed: below is the last answer" } : {})}
            onRetry={() => void query.refetch()}
          />
        </>
      )}
      {!session && !error && <SessionSkeleton />}
      <SlowNote isWaiting={query.isLoading} shorter={null} />
      {session && (
        <>
          <SessionHead session={session} kind={kind} id={id} />
          <MoneyPath tree={session.tree} />
          <Views session={session} renderCall={renderCall} />
        </>
      )}
    </div>
  );
}

interface ViewsProps {
  session: SessionTree;
  renderCall: (call: StepCall) => ReactNode;
}

function Views({ session, renderCall }: ViewsProps) {
  const [{ view }] = useQueryStates(SESSION_PARAMS, { history: "push" });
  const { tree, answer, figures } = session;
  useSessionCommands(tree);
  return (
    <ViewTabs>
      {(view === "tree" || view === "timeline") && (
        <TreePanel tree={tree} project={figures.project} view={view} renderCall={renderCall} />
      )}
      {view === "agents" && <AgentsPanel session={session} />}
      {view === "context" && <ContextPanel agents={answer.agents} tree={tree} />}
    </ViewTabs>
  );
}

function SessionSkeleton() {
  return (
    <>
      <h1 className="sr-only">Loading the session</h1>
      <Skeleton className="h-24 max-w-2xl" />
      <Skeleton className="h-9 max-w-md" />
      <Skeleton className="h-[max(24rem,70dvh)]" />
    </>
  );
}
