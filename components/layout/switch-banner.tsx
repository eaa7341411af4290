"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { engagedQuery } from "@/components/layout/engaged-query";

// Almost always nothing is stopped, and every page would carry it.
const StoppedBanner = dynamic(() =>
  import("@/components/layout/stopped-banner").then((module) => module.StoppedBanner),
);

/** What is stopped, on every page as long as it is; nothing where everything runs. */
export function SwitchBanner() {
  const { data } = useQuery(engagedQuery);
  return data && data.switches.length > 0 ? <StoppedBanner {...data} /> : null;
}
