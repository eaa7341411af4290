import { HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { collectWorkspace, openVisit } from "@/app/(dashboard)/first-visit";
import { FirstMinuteProvider } from "@/components/filters/first-minute-provider";
import { AppShell } from "@/components/layout/app-shell";

/** Every screen of a signed-in person: its frame, and on a first load who it is, are in the HTML. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const visit = await openVisit();
  return (
    <FirstMinuteProvider nowMs={visit?.nowMs ?? null}>
      <HydrationBoundary state={await collectWorkspace()}>
        <AppShell>{children}</AppShell>
      </HydrationBoundary>
    </FirstMinuteProvider>
  );
}
