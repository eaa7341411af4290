"use client";

import { usePrefetchQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { useScope } from "@/components/filters/use-scope";
import { readPriceAddress, writePriceAddress } from "@/components/prices/price-address";
import type { PriceTask } from "@/components/prices/price-dialog";
import { overridesQuery, unpricedQuery } from "@/components/prices/prices-answer";
import { usePlaces } from "@/components/prices/use-places";
import { useDialogParam } from "@/components/states/use-dialog-param";
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
  const places = usePlaces();
  const [clicked, setClicked] = useState<PriceTask | null>(null);
  const [dialog, setDialog] = useDialogParam();
  // The same task as long as the address is: the dialog keeps what is typed.
  const linked = useMemo(() => (dialog === null ? null : readPriceAddress(dialog)), [dialog]);
  // A link is no right: without a place to set a price in there is no dialog to set it.
  const task = clicked ?? (places.length > 0 ? linked : null);
  const openTask = (next: PriceTask) => {
    const address = writePriceAddress(next);
    if (address === null) setClicked(next);
    else setDialog(address);
  };
  const close = () => (clicked ? setClicked(null) : setDialog(null));
  usePrefetchQuery(unpricedQuery(project, range));
  usePrefetchQuery(overridesQuery(project));
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Prices</h1>
      <RangeMenu scope={state.scope} onChoose={state.setRange} />
      <UnpricedPanel state={state} onOpen={openTask} />
      <OverridesPanel onOpen={openTask} />
      <RepricesPanel />
      <CataloguePanel />
      {task && <PriceDialog task={task} scope={state.scope} onClose={close} />}
    </div>
  );
}
