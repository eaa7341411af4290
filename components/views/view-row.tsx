"use client";

import { Check, Ellipsis, PencilLine, RefreshCw, Share2, Trash2 } from "lucide-react";
import { useWorkspace } from "@/components/layout/workspace";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { PointedLink } from "@/components/ui/pointed-link";
import type { ViewItem } from "@/components/views/prepare-views";
import type { ViewAction } from "@/components/views/view-dialogs";

interface ViewRowProps {
  item: ViewItem;
  onOpen: () => void;
  onAction: (action: ViewAction) => void;
}

/** One view: a link to it, and what may be done to it. */
export function ViewRow({ item, onOpen, onAction }: ViewRowProps) {
  const { me } = useWorkspace();
  const { view, href, isCurrent, note } = item;
  const canShare = view.shared || me.permissions.includes("views.share");
  return (
    <li className="flex items-center gap-1 rounded-sm hover:bg-surface-strong">
      <PointedLink
        href={href}
        onClick={onOpen}
        aria-current={isCurrent ? "page" : undefined}
        className="min-w-0 flex-1 rounded-sm px-2 py-1.5"
      >
        <span className="flex items-center gap-1.5">
          <span className="truncate font-medium text-sm">{view.name}</span>
          {isCurrent && <Check aria-hidden="true" className="size-3.5 shrink-0" />}
        </span>
        <span className="block truncate text-ink-muted text-xs">{note}</span>
      </PointedLink>
      {view.can_change && (
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="icon" aria-label={`Change ${view.name}`}>
              <Ellipsis aria-hidden="true" />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem onSelect={() => onAction({ kind: "rename", view })}>
              <PencilLine aria-hidden="true" />
              Rename
            </DropdownMenuItem>
            {!isCurrent && (
              <DropdownMenuItem onSelect={() => onAction({ kind: "replace", view })}>
                <RefreshCw aria-hidden="true" />
                Replace by what is shown
              </DropdownMenuItem>
            )}
            {canShare && (
              <DropdownMenuItem onSelect={() => onAction({ kind: "share", view })}>
                <Share2 aria-hidden="true" />
                {view.shared ? "Stop sharing" : "Share"}
              </DropdownMenuItem>
            )}
            <DropdownMenuItem onSelect={() => onAction({ kind: "delete", view })}>
              <Trash2 aria-hidden="true" />
              Delete
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      )}
    </li>
  );
}
