import type { Metadata } from "next";
import { SessionScreen } from "@/app/(dashboard)/sessions/session-screen";

export const metadata: Metadata = { title: "Session" };

/** One session. Its name may hold any character, so it comes escaped. */
export default async function OneSessionPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <SessionScreen kind="session" id={decodeURIComponent(id)} />;
}
