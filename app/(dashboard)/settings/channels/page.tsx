import type { Metadata } from "next";
import { ChannelsPage } from "@/components/channels/channels-page";

export const metadata: Metadata = { title: "Channels · Settings" };

/** Where do notices go, and do they arrive? */
export default function Channels() {
  return <ChannelsPage />;
}
