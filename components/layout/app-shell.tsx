"use client";

import dynamic from "next/dynamic";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import { Brand } from "@/components/layout/brand";
import { CommandBar } from "@/components/layout/command-bar";
import { ContentSkeleton } from "@/components/layout/content-skeleton";
import { FreshnessStamp } from "@/components/layout/freshness-stamp";
import { NavLinks } from "@/components/layout/nav-links";
import { OfferedCommandsProvider } from "@/components/layout/offered-commands";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { ShellSkeleton } from "@/components/layout/shell-skeleton";
import { SwitchBanner } from "@/components/layout/switch-banner";
import { useGoKeys } from "@/components/layout/use-go-keys";
import { useWorkspace, WorkspaceProvider } from "@/components/layout/workspace";
import { watchForPresence } from "@/components/states/use-presence";
import { Skeleton } from "@/components/ui/skeleton";
import { useIsHydrated } from "@/components/ui/use-is-hydrated";
import { EXPLORE_PATH, OVERVIEW_PATH } from "@/lib/paths";

// Menus float on a library that no first sight of a page needs: they come a moment later, into their places.
const ProjectSwitcher = dynamic(
  () => import("@/components/layout/project-switcher").then((module) => module.ProjectSwitcher),
  { ssr: false, loading: () => <Skeleton className="h-8.5 w-32" /> },
);
const UserMenu = dynamic(
  () => import("@/components/layout/user-menu").then((module) => module.UserMenu),
  { ssr: false, loading: () => <Skeleton className="size-8.5" /> },
);
const NavDrawer = dynamic(
  () => import("@/components/layout/nav-drawer").then((module) => module.NavDrawer),
  { ssr: false, loading: () => <Skeleton className="size-8.5 lg:hidden" /> },
);
// Hardly anybody ever sees it.
const UnknownProject = dynamic(
  () => import("@/components/layout/unknown-project").then((module) => module.UnknownProject),
  { ssr: false },
);

/** What every signed-in page stands in: the way to other screens, the project, the account. */
export function AppShell({ children }: { children: ReactNode }) {
  return (
    <WorkspaceProvider fallback={<ShellSkeleton />}>
      <OfferedCommandsProvider>
        <Frame>{children}</Frame>
      </OfferedCommandsProvider>
    </WorkspaceProvider>
  );
}

/**
 * Screens that are there to be read, and stand in the page's HTML. The others are there to be used: a button that looks
 * ready and does nothing yet is worse than none.
 */
const DRAWN_ON_SERVER: readonly string[] = [OVERVIEW_PATH, EXPLORE_PATH];

function Frame({ children }: { children: ReactNode }) {
  const { organisationName, project, projects } = useWorkspace();
  const pathname = usePathname();
  const isDrawn = useIsHydrated() || DRAWN_ON_SERVER.includes(pathname);
  useGoKeys();
  useEffect(watchForPresence, []);
  const isKnown = project === ALL_PROJECTS || projects.some(({ slug }) => slug === project);
  return (
    <div className="lg:grid lg:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col gap-5 border-line border-r bg-surface p-3 lg:flex">
        <Brand />
        <NavLinks />
        <p className="mt-auto truncate px-2.5 text-ink-muted text-xs">{organisationName}</p>
      </aside>
      <div className="min-w-0">
        <header className="sticky top-0 z-30 flex h-13 items-center gap-2 border-line border-b bg-page px-3 sm:px-5">
          <NavDrawer />
          <ProjectSwitcher />
          <div className="ml-auto flex items-center gap-2">
            <div className="hidden sm:block">
              <FreshnessStamp />
            </div>
            <CommandBar />
            <UserMenu />
          </div>
        </header>
        <SwitchBanner />
        <main id="content" tabIndex={-1} className="px-3 py-4 outline-none sm:px-5 sm:py-5">
          {!isDrawn && <ContentSkeleton />}
          {isDrawn && (isKnown ? children : <UnknownProject />)}
        </main>
      </div>
    </div>
  );
}
