"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useWorkspace } from "@/components/layout/workspace";
import { readDayStart } from "@/components/prices/price-draft";
import { endPrice } from "@/components/prices/prices-answer";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { ChoiceField, Field } from "@/components/ui/field";
import type { PriceOverrideAnswer } from "@/lib/prices/price-schemas";

const WHEN = [
  { value: "now", label: "Now" },
  { value: "date", label: "With the end of a day" },
] as const;

/** Ends a price: calls from then on have the one below it again. */
export function EndPriceDialog(props: { override: PriceOverrideAnswer; onClose: () => void }) {
  const { override, onClose } = props;
  const { timeZone } = useWorkspace();
  const queries = useQueryClient();
  const [when, setWhen] = useState<"now" | "date">("now");
  const [day, setDay] = useState("");
  const [fault, setFault] = useState<string>();
  const end = useMutation({
    mutationFn: (effectiveTo: string) => endPrice(override.id, effectiveTo),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["prices"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const at = when === "now" ? new Date().toISOString() : readDayStart(day, timeZone, 1);
    setFault(at === null ? "Choose a day." : undefined);
    if (at !== null && !end.isPending) end.mutate(at);
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="break-words">End the price of {override.model}</DialogTitle>
          <DialogDescription>
            It stays on the record, and calls up to then keep it. Later ones have the catalogue's
            price, or none.
          </DialogDescription>
        </DialogHeader>
        <form onSubmit={submit} noValidate className="flex flex-col gap-3">
          <ChoiceField label="Ends" value={when} options={WHEN} onChoose={setWhen} />
          {when === "date" && (
            <Field
              label="Last day"
              type="date"
              value={day}
              fault={fault}
              hint={`It ends by ${timeZone}.`}
              onChange={({ target }) => setDay(target.value)}
            />
          )}
          {end.error && (
            <PanelError
              what="The price"
              failure="was not ended"
              error={end.error}
              onRetry={end.reset}
            />
          )}
          <DialogFooter>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" aria-disabled={end.isPending}>
              {end.isPending ? "Ending…" : "End the price"}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
