"use client";

import dynamic from "next/dynamic";
import { WhenNear } from "@/components/states/when-near";

// The month comes first: what nobody acknowledged is asked for beside it, and is no part of the page's first script.
const AlertsStrip = dynamic(
  () => import("@/components/alerts/alerts-strip").then((module) => module.AlertsStrip),
  { ssr: false },
);

/** The Overview's open alerts. */
export function LazyAlertsStrip() {
  return (
    <WhenNear fallback={<div className="h-px" />}>
      <AlertsStrip />
    </WhenNear>
  );
}
