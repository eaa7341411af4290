import type { Metadata } from "next";
import { SessionScreen } from "@/app/(dashboard)/sessions/session-screen";
import { LazyComparePage } from "@/components/traces/lazy-compare-page";

export const metadata: Metadata = { title: "Compare sessions" };

interface CompareSessionsPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Two sessions beside each other; or, as a session may have any name, the one that is called `compare`. */
export default async function CompareSessionsPage({ searchParams }: CompareSessionsPageProps) {
  const { a, b, project } = await searchParams;
  const isSession = a === undefined && b === undefined && project !== undefined;
  return isSession ? <SessionScreen kind="session" id="compare" /> : <LazyComparePage />;
}
