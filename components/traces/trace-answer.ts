import { queryOptions } from "@tanstack/react-query";
import type { CostTree } from "@/components/traces/cost-tree";
import { toCostTree } from "@/components/traces/to-cost-tree";
import { requestJson } from "@/lib/api-client";
import type { SessionRef } from "@/lib/paths";
import type { SessionAnswer } from "@/lib/sessions/session-schemas";
import type { SessionTreeAnswer, TraceTreeAnswer } from "@/lib/traces/trace-schemas";

type Answer = SessionTreeAnswer | TraceTreeAnswer;

/** A session, or a trace, as its page shows it. */
export interface SessionTree {
  /** What a list says of it. */
  figures: SessionAnswer;
  /** What the answer says beside its steps. */
  answer: Omit<Answer, "nodes" | "more" | "session" | "trace">;
  tree: CostTree;
}

/** So long after its last step a session may go on. */
const RUNNING_MS = 120_000;
const REFRESH_MS = 5_000;

/** Whether more of it may come: its last step ended a moment ago. */
export function isRunning(figures: Pick<SessionAnswer, "ended_at">, nowMs: number): boolean {
  return nowMs - Date.parse(figures.ended_at) < RUNNING_MS;
}

/** All of one session or trace; asked again as long as it goes on. */
export function sessionQuery({ kind, id, project }: SessionRef) {
  const path = `/api/${kind}s/${encodeURIComponent(id)}`;
  return queryOptions({
    queryKey: ["session", kind, project, id],
    queryFn: ({ signal }) =>
      requestJson<Answer>(path, { query: new URLSearchParams({ project }), signal }),
    select: toSessionTree,
    refetchInterval: ({ state: { data } }) =>
      data && isRunning(figuresOf(data), Date.now()) ? REFRESH_MS : false,
  });
}

function figuresOf(answer: Answer): SessionAnswer {
  return "session" in answer ? answer.session : answer.trace;
}

function toSessionTree(answer: Answer): SessionTree {
  const figures = figuresOf(answer);
  return { figures, answer, tree: toCostTree(answer, figures) };
}
