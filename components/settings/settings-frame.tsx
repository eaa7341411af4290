"use client";

import { usePathname, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { sharedParams } from "@/components/layout/shared-params";
import { cn } from "@/components/ui/cn";
import { PointedLink } from "@/components/ui/pointed-link";
import { SETTINGS_SECTIONS, withQuery } from "@/lib/paths";

/** The sections of Settings beside each other, and the one that is open under them. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const pathname = usePathname();
  const shared = sharedParams(useSearchParams());
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-4">
      <h1 className="font-semibold text-xl">Settings</h1>
      <nav aria-label="Settings" className="border-line border-b">
        <ul className="flex flex-wrap gap-x-1">
          {SETTINGS_SECTIONS.map(({ id, label, path }) => (
            <li key={id}>
              <PointedLink
                href={withQuery(path, shared)}
                aria-current={pathname === path ? "page" : undefined}
                className={cn(
                  "-mb-px flex min-h-8.5 items-center whitespace-nowrap border-transparent border-b-2 px-2.5 text-ink-muted text-sm hover:text-ink",
                  pathname === path && "border-accent font-medium text-ink",
                )}
              >
                {label}
              </PointedLink>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </div>
  );
}
