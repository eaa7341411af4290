"use client";

import dynamic from "next/dynamic";
import { CallLines } from "@/components/calls/call-lines";
import { LazySessionPage } from "@/components/traces/lazy-session-page";

// Below the price lines of a step, and closed until it is asked for.
const ContentPanel = dynamic(
  () => import("@/components/contents/content-panel").then((module) => module.ContentPanel),
  { ssr: false },
);

/** One session, and what is known of each of its calls: the tree knows nothing of price lines and prompts. */
export function SessionScreen({ kind, id }: { kind: "session" | "trace"; id: string }) {
  return (
    <LazySessionPage
      // What was opened in one session is nothing in the next.
      key={`${kind} ${id}`}
      kind={kind}
      id={id}
      renderCall={(call) => (
        <div key={call.id} className="flex flex-col gap-3">
          <CallLines {...call} />
          <ContentPanel callId={call.id} project={call.project} timestamp={call.timestamp} />
        </div>
      )}
    />
  );
}
