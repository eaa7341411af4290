"use client";

import { Columns3 } from "lucide-react";
import { useId } from "react";
import { COLUMN_IDS, type ColumnId, orderColumns } from "@/components/spend/column-ids";
import { COLUMN_LABELS } from "@/components/spend/spend-columns";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";

interface ColumnMenuProps {
  shown: readonly ColumnId[];
  onChoose: (ids: ColumnId[]) => void;
}

/** Chooses the table's columns; the metric's own is always there. */
export function ColumnMenu({ shown, onChoose }: ColumnMenuProps) {
  const id = useId();
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button size="small" variant="ghost">
          <Columns3 aria-hidden="true" className="text-ink-muted" />
          Columns
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Columns" className="w-60 p-2">
        <ul className="max-h-80 overflow-y-auto">
          {COLUMN_IDS.map((column) => (
            <li key={column} className="flex items-center gap-2 rounded-sm px-1 hover:bg-surface">
              <Checkbox
                id={`${id}-${column}`}
                checked={shown.includes(column)}
                onCheckedChange={(isOn) =>
                  onChoose(
                    isOn === true
                      ? orderColumns([...shown, column])
                      : shown.filter((other) => other !== column),
                  )
                }
              />
              <label
                htmlFor={`${id}-${column}`}
                className="min-w-0 flex-1 cursor-pointer truncate py-1 text-sm"
              >
                {COLUMN_LABELS[column]}
              </label>
            </li>
          ))}
        </ul>
      </PopoverContent>
    </Popover>
  );
}
