"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useScope } from "@/components/filters/use-scope";
import { OverridesPanel } from "@/components/prices/overrides-panel";
import type { PriceTask } from "@/components/prices/price-dialog";
import { RepricesPanel } from "@/components/prices/reprices-panel";
import { UnpricedPanel } from "@/components/prices/unpriced-panel";
import { Card } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";

const RangeMenu = dynamic(
  () => import("@/components/filters/range-menu").then((module) => module.RangeMenu),
  { ssr: false, loading: () => <Skeleton className="h-8.5 w-64" /> },
);
// A form and a long table, which nobody sees at first.
const PriceDialog = dynamic(
  () => import("@/components/prices/price-dialog").then((module) => module.PriceDialog),
  { ssr: false },
);
const CataloguePanel = dynamic(
  () => import("@/components/prices/catalogue-panel").then((module) => module.CataloguePanel),
  { ssr: false, loading: () => <Card className="h-120" /> },
);

/** Is the price right? What has none first, then the operator's own, then what is published. */
export function PricesPage() {
  const state = useScope();
  const [task, setTask] = useState<PriceTask | null>(null);
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
