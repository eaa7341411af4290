"use client";

import type { DraftFaults, PriceDraft } from "@/components/prices/price-draft";
import { fieldLabel, PRICE_FIELDS } from "@/components/prices/price-words";
import { ChoiceField, Field } from "@/components/ui/field";
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
          <Field
            key={field}
            label={fieldLabel(field)}
            value={draft.prices[field]}
            fault={faults[field]}
            inputMode="decimal"
            placeholder="US dollars"
            onChange={({ target }) =>
              onChange({ prices: { ...draft.prices, [field]: target.value } })
            }
          />
        ))}
      </div>
      {faults.prices && (
        <p role="alert" className="text-[13px] text-danger">
          {faults.prices}
        </p>
      )}
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
        onChoose={(holds) => onChange({ holds })}
      />
      {draft.holds === "date" && (
        <Field
          label="From"
          type="date"
          value={draft.from}
          fault={faults.from}
          hint={`The day begins by ${timeZone}.`}
          onChange={({ target }) => onChange({ from: target.value })}
        />
      )}
      <Field
        label="Until (optional)"
        type="date"
        value={draft.until}
        fault={faults.until}
        hint="That day is included; empty is for ever."
        onChange={({ target }) => onChange({ until: target.value })}
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
        onChoose={(project) => onChange({ project: project === "*" ? null : project })}
      />
      <ChoiceField
        label="Service tier"
        value={draft.tier}
        options={TIERS}
        onChoose={(tier) => onChange({ tier })}
      />
      <Field
        label="Region (optional)"
        value={draft.region}
        fault={faults.region}
        hint="As calls name it; empty is everywhere."
        onChange={({ target }) => onChange({ region: target.value })}
      />
      <Field
        label="Only above input tokens (optional)"
        value={draft.contextOver}
        fault={faults.contextOver}
        inputMode="numeric"
        hint="For long contexts that cost more."
        onChange={({ target }) => onChange({ contextOver: target.value })}
      />
    </div>
  );
}
