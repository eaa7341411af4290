"use client";

import type { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";

interface MorePagesProps {
  query: Pick<
    ReturnType<typeof useInfiniteQuery>,
    "hasNextPage" | "isFetchingNextPage" | "isFetchNextPageError" | "error" | "fetchNextPage"
  >;
  /** How much is listed so far: `300 calls in all`. */
  children: ReactNode;
}

/** The foot of a list that comes page by page: how much is shown, and the next page or why it did not come. */
export function MorePages({ query, children }: MorePagesProps) {
  if (query.isFetchNextPageError) {
    return (
      <div className="border-line border-t p-4">
        <PanelError
          what="The next page"
          error={query.error}
          onRetry={() => void query.fetchNextPage()}
        />
      </div>
    );
  }
  return (
    <div className="flex items-center justify-between gap-3 border-line border-t px-4 py-2.5 text-[13px] text-ink-muted">
      <span aria-live="polite">{children}</span>
      {query.hasNextPage && (
        <Button
          size="small"
          aria-disabled={query.isFetchingNextPage}
          onClick={() => !query.isFetchingNextPage && void query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? "Loading…" : "Load more"}
        </Button>
      )}
    </div>
  );
}
