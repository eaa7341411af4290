"use client";

import dynamic from "next/dynamic";
import { CallPage } from "@/components/calls/call-page";

// Below the price, and closed until it is asked for.
const ContentPanel = dynamic(
  () => import("@/components/contents/content-panel").then((module) => module.ContentPanel),
  { ssr: false },
);

/** A call's page with what was said in it. */
export function CallWithContent({ callId }: { callId: string }) {
  return (
    <CallPage
      callId={callId}
      renderContent={(call) => (
        <ContentPanel callId={call.id} project={call.project} timestamp={call.timestamp} />
      )}
    />
  );
}
