import type { Metadata } from "next";
import { RulesPage } from "@/components/alerts/rules-page";

export const metadata: Metadata = { title: "Alerts · Settings" };

/** What is looked for, from which amount on, and who is told? */
export default function AlertRules() {
  return <RulesPage />;
}
