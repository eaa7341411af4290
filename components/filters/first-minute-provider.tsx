"use client";

import type { ReactNode } from "react";
import { FirstMinute } from "@/components/filters/use-now";

/** Tells what is drawn below in which minute the page's HTML was made, in ms; null: there is none. */
export function FirstMinuteProvider({
  nowMs,
  children,
}: {
  nowMs: number | null;
  children: ReactNode;
}) {
  return <FirstMinute value={nowMs}>{children}</FirstMinute>;
}
