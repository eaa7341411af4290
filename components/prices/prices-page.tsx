"use client";

import { usePrefetchQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useScope } from "@/components/filters/use-scope";
import type { PriceTask } from "@/components/prices/price-dialog";
import { overridesQuery, unpricedQuery } from "@/components/prices/prices-answer";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

// The questions are asked first; what shows their answers loads meanwhile, into places of its size.
const RangeMenu = dynamic(
  () => import("@/components/filters/range-menu").then((module) => module.RangeMenu),
  { ssr: false, loading: () => <Skeleton className="h-8.5 w-64" /> },
);
const UnpricedPanel = dynamic(
  () => import("@/components/prices/unpriced-panel").then((module) => module.UnpricedPanel),
  { ssr: false, loading: () => <Card className="h-65" /> },
);
const OverridesPanel = dynamic(
  () => import("@/components/prices/overrides-panel").then((module) => module.OverridesPanel),
  { ssr: false, loading: () => <Card className="h-30" /> },
);
const RepricesPanel = dynamic(
  () => import("@/components/prices/reprices-panel").then((module) => module.RepricesPanel),
  { ssr: false },
);
const CataloguePanel = dynamic(
  () => import("@/components/prices/catalogue-panel").then((module) => module.CataloguePanel),
  { ssr: false, loading: () => <Card className="h-120" /> },
);
const PriceDialog = dynamic(
  () => import("@/components/prices/price-dialog").then((module) => module.PriceDialog),
  { ssr: false },
);

/** Is the price right? What has none first, then the operator's own, then what is published. */
export function PricesPage() {
  const state = useScope();
  const { project, range } = state.scope;
  const [task, setTask] = useState<PriceTask | null>(null);
  usePrefetchQuery(unpricedQuery(project, range));
  usePrefetchQuery(overridesQuery(project));
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Prices</h1>
      <RangeMenu scope={state.scope} onChoose={state.setRange} />
      <UnpricedPanel state={state} onOpen={setTask} />
      <OverridesPanel onOpen={setTask} />
      <RepricesPanel />
      <CataloguePanel />
      {task && <PriceDialog task={task} scope={state.scope} onClose={() => setTask(null)} />}
    </div>
  );
}
