"use client";

import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Popover, PopoverAnchor, PopoverContent } from "@/components/ui/popover";
import { startDownload } from "@/lib/start-download";

/** One file that can be had: what it is of, and its question to GET /api/export. */
export interface CsvChoice {
  label: string;
  query: URLSearchParams;
}

/** Downloads what the page shows, all of it: at once where there is one file, from a menu where there are more. */
export function CsvMenu({ choices }: { choices: readonly CsvChoice[] }) {
  const download = useMutation({
    mutationFn: ({ query }: CsvChoice) => {
      const asked = new URLSearchParams(query);
      // Who presses a button opens the file in a spreadsheet, and Excel takes UTF-8 without a mark for another code.
      asked.set("bom", "true");
      return startDownload("/api/export", asked);
    },
  });
  const [only, ...others] = choices;
  if (!only) return null;
  const isBusy = download.isPending;
  const button = (
    <Button
      variant="ghost"
      className="max-sm:[&>span]:sr-only"
      aria-disabled={isBusy}
      {...(others.length === 0 ? { onClick: () => !isBusy && download.mutate(only) } : {})}
    >
      <Download aria-hidden="true" />
      <span aria-live="polite">{isBusy ? "Preparing…" : "CSV"}</span>
    </Button>
  );
  return (
    <Popover open={download.isError} onOpenChange={(isOpen) => !isOpen && download.reset()}>
      <PopoverAnchor asChild>
        <div>
          {others.length === 0 ? (
            button
          ) : (
            <DropdownMenu>
              <DropdownMenuTrigger asChild>{button}</DropdownMenuTrigger>
              <DropdownMenuContent align="end">
                {choices.map((choice) => (
                  <DropdownMenuItem
                    key={choice.label}
                    disabled={isBusy}
                    onSelect={() => download.mutate(choice)}
                  >
                    {choice.label}
                  </DropdownMenuItem>
                ))}
              </DropdownMenuContent>
            </DropdownMenu>
          )}
        </div>
      </PopoverAnchor>
      <PopoverContent align="end" aria-label="The download failed" className="w-96">
        <PanelError
          what="The file"
          failure="could not be made"
          error={download.error}
          onRetry={() => download.variables && download.mutate(download.variables)}
        />
      </PopoverContent>
    </Popover>
  );
}
