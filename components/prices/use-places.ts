"use client";

import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";

/** Where the signed-in person may set a price: projects by slug, and null for every project. */
export function usePlaces(): { value: string | null; label: string }[] {
  const { projects } = useWorkspace();
  const may = useMay();
  const everywhere = may("prices.write_everywhere", null)
    ? [{ value: null, label: "Every project" }]
    : [];
  const own = projects
    .filter(({ slug }) => may("prices.write", slug))
    .map(({ slug, name }) => ({ value: slug, label: name }));
  return [...everywhere, ...own];
}
