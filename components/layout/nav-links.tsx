"use client";

import {
  BellRing,
  ChartColumnStacked,
  Gauge,
  List,
  type LucideIcon,
  OctagonX,
  PiggyBank,
  Settings,
  ShieldCheck,
  SquareTerminal,
  Tags,
  Workflow,
} from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { sharedParams } from "@/components/layout/shared-params";
import { cn } from "@/components/ui/cn";
import { PointedLink } from "@/components/ui/pointed-link";
import { SCREENS, type ScreenId, TRACES_PATH, withQuery } from "@/lib/paths";

const ICONS: Record<ScreenId, LucideIcon> = {
  overview: Gauge,
  explore: ChartColumnStacked,
  "coding-agents": SquareTerminal,
  sessions: Workflow,
  calls: List,
  budgets: PiggyBank,
  controls: OctagonX,
  alerts: BellRing,
  prices: Tags,
  integrity: ShieldCheck,
  settings: Settings,
};

/** Pages of a screen that have an address of their own. */
const BELOW: Partial<Record<ScreenId, readonly string[]>> = { sessions: [TRACES_PATH] };

/** One link a screen, with the range and filters of the screen one is on. */
export function NavLinks({ onFollow }: { onFollow?: () => void }) {
  const pathname = usePathname();
  const shared = sharedParams(useSearchParams());
  return (
    <nav aria-label="Main">
      <ul className="flex flex-col gap-0.5">
        {SCREENS.map(({ id, label, path, letter }) => {
          const Icon = ICONS[id];
          const isCurrent = [path, ...(BELOW[id] ?? [])].some(
            (own) => pathname === own || pathname.startsWith(`${own}/`),
          );
          return (
            <li key={id}>
              <PointedLink
                href={withQuery(path, shared)}
                aria-current={isCurrent ? "page" : undefined}
                aria-keyshortcuts={`g ${letter}`}
                {...(onFollow ? { onClick: onFollow } : {})}
                className={cn(
                  "flex h-8.5 items-center gap-2.5 rounded-control px-2.5 text-sm",
                  isCurrent
                    ? "bg-surface-strong font-medium text-ink"
                    : "text-ink-muted hover:bg-surface-strong hover:text-ink",
                )}
              >
                <Icon aria-hidden="true" className="size-4" />
                {label}
              </PointedLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
