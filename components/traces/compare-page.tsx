"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, GitCompareArrows } from "lucide-react";
import { parseAsString, useQueryStates } from "nuqs";
import { useWorkspace } from "@/components/layout/workspace";
import { EmptyState } from "@/components/states/empty-state";
import { PanelError } from "@/components/states/panel-error";
import { ComparedHeads } from "@/components/traces/compared-heads";
import { ComparedSteps } from "@/components/traces/compared-steps";
import { sessionQuery } from "@/components/traces/trace-answer";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PointedLink } from "@/components/ui/pointed-link";
import { Skeleton } from "@/components/ui/skeleton";
import { SESSIONS_PATH, type SessionRef } from "@/lib/paths";
import { readSessionRef } from "@/lib/sessions/session-ref";

const PARAMS = {
  a: parseAsString.withDefault(""),
  b: parseAsString.withDefault(""),
};

/** Two sessions beside each other: what moved, and where. */
export function ComparePage() {
  const [params] = useQueryStates(PARAMS, { history: "push" });
  const a = readSessionRef(params.a);
  const b = readSessionRef(params.b);
  return (
    <div className="flex flex-col gap-4">
      <div>
        <Button asChild variant="ghost" size="small" className="-ml-2 text-ink-muted">
          <PointedLink href={SESSIONS_PATH}>
            <ArrowLeft aria-hidden="true" />
            Sessions
          </PointedLink>
        </Button>
      </div>
      <h1 className="font-semibold text-lg">Compare two sessions</h1>
      {a && b ? (
        <Compared a={a} b={b} />
      ) : (
        <Card aria-label="Nothing to compare">
          <EmptyState
            icon={GitCompareArrows}
            title="Two sessions are needed"
            actions={
              <Button asChild variant="primary">
                <PointedLink href={SESSIONS_PATH}>Choose two in the list</PointedLink>
              </Button>
            }
          >
            The address names {a || b ? "only one" : "none"}. Tick two in the list of sessions, and
            choose Compare.
          </EmptyState>
        </Card>
      )}
    </div>
  );
}

function Compared({ a, b }: { a: SessionRef; b: SessionRef }) {
  const { timeZone } = useWorkspace();
  const queries = [useQuery(sessionQuery(a)), useQuery(sessionQuery(b))];
  const [first, second] = queries.map(({ data }) => data);
  const failed = queries.find(({ error, data }) => error && !data);
  if (failed) {
    return (
      <PanelError
        what={failed === queries[0] ? "Session A" : "Session B"}
        error={failed.error}
        onRetry={() => void failed.refetch()}
      />
    );
  }
  if (!first || !second) {
    return (
      <>
        <Skeleton className="h-72" />
        <Skeleton className="h-96" />
      </>
    );
  }
  return (
    <>
      <ComparedHeads refs={[a, b]} sessions={[first, second]} timeZone={timeZone} />
      <ComparedSteps a={first.tree} b={second.tree} />
    </>
  );
}
