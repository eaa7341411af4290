"use client";

import { useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { scopeSearch } from "@/components/filters/scope";
import { usePresetScope } from "@/components/filters/use-preset-scope";
import { integrityQuery } from "@/components/integrity/integrity-answer";
import { prepareUnwell } from "@/components/integrity/prepare-unwell";
import { PointedLink } from "@/components/ui/pointed-link";
import { INTEGRITY_PATH, withQuery } from "@/lib/paths";

/** What is unwell with the figures, in a line each; nothing at all where all is well. */
export function UnwellStrip() {
  const scope = usePresetScope("7d");
  const { data, isError } = useQuery(integrityQuery(scope));
  const lines = isError
    ? ["Whether the stores agree could not be asked just now."]
    : data
      ? prepareUnwell(data)
      : [];
  if (lines.length === 0) return null;
  return (
    <section
      aria-label="What is unwell"
      className="flex items-start gap-2.5 rounded-control border border-line bg-surface px-3 py-2 text-[13px]"
    >
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-caution" />
      <ul className="min-w-0 flex-1">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <PointedLink
        href={withQuery(INTEGRITY_PATH, scopeSearch(scope))}
        className="font-medium text-link underline-offset-2 hover:underline"
      >
        Integrity
      </PointedLink>
    </section>
  );
}
