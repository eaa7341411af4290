import type { Metadata } from "next";
import { IntegrityPage } from "@/components/integrity/integrity-page";

export const metadata: Metadata = { title: "Integrity" };

/** Can I trust these numbers? Shown before the first event too: what was rejected is here. */
export default function Integrity() {
  return <IntegrityPage />;
}
