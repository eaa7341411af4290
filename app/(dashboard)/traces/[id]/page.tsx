import type { Metadata } from "next";
import { SessionScreen } from "@/app/(dashboard)/sessions/session-screen";

export const metadata: Metadata = { title: "Trace" };

/** One trace: what a session's page shows, of a single trace. */
export default async function OneTracePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <SessionScreen kind="trace" id={decodeURIComponent(id)} />;
}
