import type { Metadata } from "next";
import { CallWithContent } from "@/app/(dashboard)/calls/[id]/call-with-content";

export const metadata: Metadata = { title: "Call" };

/** One call. Its id may hold any character, so it comes escaped. */
export default async function OneCallPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <CallWithContent callId={decodeURIComponent(id)} />;
}
