import type { Metadata } from "next";
import { PricesPage } from "@/components/prices/prices-page";

export const metadata: Metadata = { title: "Prices" };

/** Is the price right? Shown before the first event too: the catalogue is there already. */
export default function Prices() {
  return <PricesPage />;
}
