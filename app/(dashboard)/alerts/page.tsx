import type { Metadata } from "next";
import { LazyAlertsPage } from "@/components/alerts/lazy-alerts-page";

export const metadata: Metadata = { title: "Alerts" };

/** What happened, who was told? Shown before the first event too: it says what is watched. */
export default function Alerts() {
  return <LazyAlertsPage />;
}
