import type { Metadata } from "next";
import { CallPage } from "@/components/calls/call-page";

export const metadata: Metadata = { title: "Call" };

/** One call. Its id may hold any character, so it comes escaped. */
export default async function OneCallPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <CallPage callId={decodeURIComponent(id)} />;
}
