import type { Metadata } from "next";
import { CallsList } from "@/components/calls/calls-list";

export const metadata: Metadata = { title: "Calls" };

/** What was this? */
export default function CallsPage() {
  return <CallsList />;
}
