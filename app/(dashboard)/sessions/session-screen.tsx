"use client";

import { CallLines } from "@/components/calls/call-lines";
import { LazySessionPage } from "@/components/traces/lazy-session-page";

/** One session, and what is known of each of its calls: the tree knows nothing of price lines. */
export function SessionScreen({ kind, id }: { kind: "session" | "trace"; id: string }) {
  return (
    <LazySessionPage
      kind={kind}
      id={id}
      renderCall={(call) => <CallLines {...call} key={call.id} />}
    />
  );
}
