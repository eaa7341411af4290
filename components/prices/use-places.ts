"use client";

import { useWorkspace } from "@/components/layout/workspace";
import { mayIn } from "@/components/prices/price-rights";

/** Where the signed-in person may set a price: projects by slug, and null for every project. */
export function usePlaces(): { value: string | null; label: string }[] {
  const { me, projects } = useWorkspace();
  const everywhere = mayIn(me, "prices.write_everywhere", null)
    ? [{ value: null, label: "Every project" }]
    : [];
  const own = projects
    .filter(({ slug }) => mayIn(me, "prices.write", slug))
    .map(({ slug, name }) => ({ value: slug, label: name }));
  return [...everywhere, ...own];
}
