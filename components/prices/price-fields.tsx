"use client";

import { ChoiceField, FormFault, TextField } from "@/components/prices/field";
import type { DraftFaults, PriceDraft } from "@/components/prices/price-draft";
import { fieldLabel, PRICE_FIELDS } from "@/components/prices/price-words";
import { SERVICE_TIERS } from "@/lib/prices/price-record";

interface FieldsProps {
  draft: PriceDraft;
  faults: DraftFaults;
  onChange: (change: Partial<PriceDraft>) => void;
}

/** A field for each price an override can set. Empty is unknown, 0 is free. */
export function PriceFields({ draft, faults, onChange }: FieldsProps) {
  return (
    <div className="flex flex-col gap-2">
      <div className="grid gap-3 sm:grid-cols-2">
        {PRICE_FIELDS.map((field) => (
          <TextField
            key={field}
            label={fieldLabel(field)}
            value={draft.prices[field]}
            fault={faults[field]}
            inputMode="decimal"
            placeholder="US dollars"
            onChange={(text) => onChange({ prices: { ...draft.prices, [field]: text } })}
          />
        ))}
      </div>
      {faults.prices && <FormFault>{faults.prices}</FormFault>}
    </div>
  );
}

const TIERS = [
  { value: "", label: "Every tier" },
  ...SERVICE_TIERS.map((tier) => ({ value: tier, label: tier })),
] as const;

const HOLDS = [
  { value: "always", label: "All calls, also earlier ones" },
  { value: "now", label: "Calls from now on" },
  { value: "date", label: "Calls from a day on" },
] as const;

/** From when to when a price holds. */
export function TimeFields({
  draft,
  faults,
  onChange,
  timeZone,
}: FieldsProps & { timeZone: string }) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <ChoiceField
        label="Holds for"
        value={draft.holds}
        options={HOLDS}
        onChange={(holds) => onChange({ holds })}
      />
      {draft.holds === "date" && (
        <TextField
          label="From"
          type="date"
          value={draft.from}
          fault={faults.from}
          hint={`The day begins by ${timeZone}.`}
          onChange={(from) => onChange({ from })}
        />
      )}
      <TextField
        label="Until (optional)"
        type="date"
        value={draft.until}
        fault={faults.until}
        hint="That day is included; empty is for ever."
        onChange={(until) => onChange({ until })}
      />
    </div>
  );
}

interface PlaceFieldsProps extends FieldsProps {
  /** Where the person may set a price: slugs, and null for every project. */
  places: readonly { value: string | null; label: string }[];
}

/** Which calls a price is for: project, tier, region, length of the context. */
export function PlaceFields({ draft, faults, onChange, places }: PlaceFieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <ChoiceField
        label="Where"
        value={draft.project ?? "*"}
        options={places.map(({ value, label }) => ({ value: value ?? "*", label }))}
        onChange={(project) => onChange({ project: project === "*" ? null : project })}
      />
      <ChoiceField
        label="Service tier"
        value={draft.tier}
        options={TIERS}
        onChange={(tier) => onChange({ tier })}
      />
      <TextField
        label="Region (optional)"
        value={draft.region}
        fault={faults.region}
        hint="As calls name it; empty is everywhere."
        onChange={(region) => onChange({ region })}
      />
      <TextField
        label="Only above input tokens (optional)"
        value={draft.contextOver}
        fault={faults.contextOver}
        inputMode="numeric"
        hint="For long contexts that cost more."
        onChange={(contextOver) => onChange({ contextOver })}
      />
    </div>
  );
}
