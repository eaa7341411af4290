"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useId, useMemo } from "react";
import { useWorkspace } from "@/components/layout/workspace";
import { CatalogueTable } from "@/components/prices/catalogue-table";
import { catalogueQuery } from "@/components/prices/prices-answer";
import { useSettled } from "@/components/prices/use-settled";
import { EmptyState } from "@/components/states/empty-state";
import { MorePages } from "@/components/states/more-pages";
import { Panel } from "@/components/states/panel";
import { useLast } from "@/components/states/use-last";
import { Button } from "@/components/ui/button";
import { CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { formatCount, formatQuantity } from "@/lib/format";

/** Published prices, with where each was read and when. */
export function CataloguePanel() {
  const { project } = useWorkspace();
  const id = useId();
  // A letter is no step that Back should undo.
  const [text, setText] = useQueryState("q", parseAsString.withDefault(""));
  const settled = useSettled(text);
  const query = useInfiniteQuery(catalogueQuery(project, settled));
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.catalogue) ?? null, [pages]);
  const shown = useLast(rows);
  const count = pages?.[0]?.catalogue_count ?? 0;
  return (
    <Panel
      name="Catalogue"
      error={query.isFetchNextPageError ? null : query.error}
      onRetry={() => void query.refetch()}
      isCurrent={rows !== null}
      skeletonHeight={480}
    >
      {shown && (
        <>
          <CardHeader className="pb-3">
            <div className="min-w-0">
              <CardTitle>Catalogue</CardTitle>
              <CardDescription>
                Published prices in US dollars, as of each source; tokens per million.
              </CardDescription>
            </div>
            <div className="w-full sm:w-72">
              <label htmlFor={id} className="sr-only">
                Search models and providers
              </label>
              <Input
                id={id}
                type="search"
                value={text}
                placeholder="Search models and providers"
                onChange={(event) => void setText(event.target.value || null)}
              />
            </div>
          </CardHeader>
          {shown.length === 0 ? (
            <EmptyState
              icon={SearchX}
              title="No model of the catalogue has that in its name"
              actions={
                <Button variant="primary" onClick={() => void setText(null)}>
                  Clear the search
                </Button>
              }
            >
              Names are compared as providers write them, in any case.
            </EmptyState>
          ) : (
            <CatalogueTable rows={shown} />
          )}
          <MorePages query={query}>
            {formatCount(shown.length)} of {formatQuantity(count, "price")}
          </MorePages>
        </>
      )}
    </Panel>
  );
}
