import type { Metadata } from "next";
import { ErasurePage } from "@/components/corrections/erasure-page";

export const metadata: Metadata = { title: "Erasure · Settings" };

/** How do I forget a person, and keep the books? */
export default function Erasure() {
  return <ErasurePage />;
}
