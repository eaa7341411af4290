"use client";

import { ListTree, PiggyBank, Workflow } from "lucide-react";
import type { ReactNode } from "react";
import { SeriesDot } from "@/components/charts/series-dot";
import { dimensionLabel, UNTAGGED } from "@/components/filters/dimensions";
import type { SpendLine } from "@/components/spend/spend-line";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { PointedLink } from "@/components/ui/pointed-link";
import { TableCell, TableHead, TableRow } from "@/components/ui/table";

interface SpendTableRowProps {
  line: SpendLine;
  dimensions: readonly string[];
  highlighted: number | null;
  onHighlight: (layer: number | null) => void;
  /** Narrows to the first names of a line: to one dimension, or to both. */
  onFilter: (names: readonly (string | null)[]) => void;
  /** Begins a budget for a line; null where nothing in it can be capped. */
  onCap: ((line: SpendLine) => void) | null;
  /** Address of the calls behind a line. */
  callsHref: (names: readonly (string | null)[]) => string;
  /** Address of the tree of the session that a line names; null where it names none. */
  sessionHref: (names: readonly (string | null)[]) => string | null;
  /** The cells right of the names. */
  children: ReactNode;
}

/** One line: each of its names filters, its end leads to its calls. */
export function SpendTableRow(props: SpendTableRowProps) {
  const { line, dimensions, highlighted, onHighlight, onCap, callsHref, sessionHref, children } =
    props;
  const isLit = line.layer !== null && line.layer === highlighted;
  const text = line.names.map((name) => name ?? UNTAGGED).join(", ");
  const isGone = line.change?.kind === "gone";
  const treeHref = sessionHref(line.names);
  return (
    <TableRow
      onPointerEnter={() => onHighlight(line.layer)}
      className={cn("group hover:bg-surface", isLit && "bg-surface", isGone && "text-ink-muted")}
    >
      {dimensions.map((dimension, index) =>
        index === 0 ? (
          <TableHead
            key={dimension}
            scope="row"
            className={cn(
              "sticky left-0 z-10 bg-page py-0.5 pl-4 font-normal group-hover:bg-surface",
              isLit && "bg-surface",
            )}
          >
            <NameButton {...props} index={index} />
          </TableHead>
        ) : (
          <TableCell key={dimension} className="py-0.5">
            <NameButton {...props} index={index} />
          </TableCell>
        ),
      )}
      {children}
      <TableCell className="py-0.5 pr-3 text-right">
        {!isGone && onCap && (
          <Button
            variant="ghost"
            size="small"
            aria-label={`Cap ${text}`}
            title={`Cap ${text}: a new budget`}
            onClick={() => onCap(line)}
          >
            <PiggyBank aria-hidden="true" />
          </Button>
        )}
        {!isGone && treeHref !== null && (
          <Button asChild variant="ghost" size="small">
            <PointedLink href={treeHref} aria-label={`Tree of ${text}`} title={`Tree of ${text}`}>
              <Workflow aria-hidden="true" />
            </PointedLink>
          </Button>
        )}
        {!isGone && (
          <Button asChild variant="ghost" size="small">
            <PointedLink
              href={callsHref(line.names)}
              aria-label={`Calls of ${text}`}
              title={`Calls of ${text}`}
            >
              <ListTree aria-hidden="true" />
            </PointedLink>
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
}

function NameButton({
  line,
  dimensions,
  index,
  onFilter,
  onHighlight,
}: SpendTableRowProps & { index: number }) {
  const name = line.names[index] ?? null;
  const text = name ?? UNTAGGED;
  return (
    <button
      type="button"
      title={`Show only ${dimensionLabel(dimensions[index] ?? "")}: ${text}`}
      onClick={() => onFilter(line.names.slice(0, index + 1))}
      onFocus={() => onHighlight(line.layer)}
      onBlur={() => onHighlight(null)}
      className={cn(
        "flex min-h-7 max-w-40 items-center gap-2 text-ink underline-offset-2 hover:underline sm:max-w-72",
        name === null && "text-ink-muted italic",
      )}
    >
      {index === 0 && <SeriesDot slot={line.slot} />}
      {/* A slanted last letter leans over its box: room for it, or it is cut. */}
      <span className={cn("truncate", name === null && "pr-1")}>{text}</span>
    </button>
  );
}
