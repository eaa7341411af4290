"use client";

import { Menu } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Brand } from "@/components/layout/brand";
import { FreshnessStamp } from "@/components/layout/freshness-stamp";
import { NavLinks } from "@/components/layout/nav-links";
import { ProjectSwitcher } from "@/components/layout/project-switcher";
import { ShellSkeleton } from "@/components/layout/shell-skeleton";
import { UserMenu } from "@/components/layout/user-menu";
import { useWorkspace, WorkspaceProvider } from "@/components/layout/workspace";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTitle, DialogTrigger } from "@/components/ui/dialog";

/** What every signed-in page stands in: the way to other screens, the project, the account. */
export function AppShell({ children }: { children: ReactNode }) {
  return (
    <WorkspaceProvider fallback={<ShellSkeleton />}>
      <Frame>{children}</Frame>
    </WorkspaceProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const { organisationName } = useWorkspace();
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
          <Drawer />
          <ProjectSwitcher />
          <div className="ml-auto flex items-center gap-2">
            <div className="hidden sm:block">
              <FreshnessStamp />
            </div>
            <UserMenu />
          </div>
        </header>
        <main id="content" tabIndex={-1} className="px-3 py-4 outline-none sm:px-5 sm:py-5">
          {children}
        </main>
      </div>
    </div>
  );
}

/** The nav on a narrow screen. */
function Drawer() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Menu" className="lg:hidden">
          <Menu aria-hidden="true" />
        </Button>
      </DialogTrigger>
      <DialogContent
        side="left"
        aria-describedby={undefined}
        className="flex flex-col gap-5 bg-surface p-3"
      >
        <DialogTitle className="sr-only">Menu</DialogTitle>
        <Brand />
        <NavLinks onFollow={() => setOpen(false)} />
        <FreshnessStamp />
      </DialogContent>
    </Dialog>
  );
}
