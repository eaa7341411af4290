import { type ReactNode, Suspense } from "react";
import { preload } from "react-dom";
import { AppShell } from "@/components/layout/app-shell";
import { ShellSkeleton } from "@/components/layout/shell-skeleton";

/** Every screen of a signed-in person. The state of a screen is its URL, which is known in the browser. */
export default function DashboardLayout({ children }: { children: ReactNode }) {
  // Every screen asks these first: on their way with the scripts, not after them.
  for (const path of ["/api/me", "/api/projects"]) {
    preload(path, { as: "fetch", crossOrigin: "anonymous" });
  }
  return (
    <Suspense fallback={<ShellSkeleton />}>
      <AppShell>{children}</AppShell>
    </Suspense>
  );
}
