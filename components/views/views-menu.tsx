"use client";

import { useQuery } from "@tanstack/react-query";
import { Bookmark, Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Skeleton } from "@/components/ui/skeleton";
import { prepareViews } from "@/components/views/prepare-views";
import { SaveViewDialog } from "@/components/views/save-view-dialog";
import { type ViewAction, ViewDialogs } from "@/components/views/view-dialogs";
import { viewsQuery } from "@/components/views/view-requests";
import { ViewRow } from "@/components/views/view-row";
import type { ViewScreen } from "@/lib/views/screen-params";

/** Saved views of a screen: open one, save what is shown, and rename, share or delete those one may. */
export function ViewsMenu({ screen }: { screen: ViewScreen }) {
  const search = useSearchParams();
  const [isOpen, setOpen] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [action, setAction] = useState<ViewAction | null>(null);
  const [said, setSaid] = useState("");
  const query = useQuery({ ...viewsQuery, enabled: isOpen });
  const items = query.data && prepareViews(query.data.views, screen, new URLSearchParams(search));

  return (
    <>
      <Popover open={isOpen} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button variant="ghost" className="max-sm:[&>span]:sr-only">
            <Bookmark aria-hidden="true" />
            <span>Views</span>
          </Button>
        </PopoverTrigger>
        <PopoverContent align="end" aria-label="Saved views" className="w-80 p-1.5">
          <Button
            variant="ghost"
            className="w-full justify-start px-2"
            onClick={() => {
              setOpen(false);
              setSaving(true);
            }}
          >
            <Plus aria-hidden="true" />
            Save view
          </Button>
          <div className="mt-1 max-h-80 overflow-y-auto border-line border-t pt-1">
            {query.error && (
              <PanelError
                what="Saved views"
                error={query.error}
                onRetry={() => void query.refetch()}
              />
            )}
            {query.isPending && <Skeleton className="h-11" />}
            {items?.length === 0 && (
              <p className="px-2 py-3 text-ink-muted text-sm">
                Nothing saved yet. A view keeps range, filters and grouping under a name; a range
                such as “Last 7 days” stays relative.
              </p>
            )}
            <ul>
              {items?.map((item) => (
                <ViewRow
                  key={item.view.id}
                  item={item}
                  onOpen={() => setOpen(false)}
                  onAction={(chosen) => {
                    setOpen(false);
                    setAction(chosen);
                  }}
                />
              ))}
            </ul>
          </div>
        </PopoverContent>
      </Popover>
      <output className="sr-only">{said}</output>
      {isSaving && (
        <SaveViewDialog
          screen={screen}
          search={new URLSearchParams(search)}
          onClose={() => setSaving(false)}
          onSaved={(name) => setSaid(`Saved as ${name}`)}
        />
      )}
      {action && (
        <ViewDialogs
          action={action}
          search={new URLSearchParams(search)}
          onClose={() => setAction(null)}
          onDone={setSaid}
        />
      )}
    </>
  );
}
