"use client";

import { parseAsString, parseAsStringLiteral } from "nuqs";
import { ALERT_STATE_WORDS, ALERT_STATES } from "@/components/alerts/alert-state";
import { KIND_WORDS } from "@/components/alerts/kind-words";
import { ChoiceSelect } from "@/components/filters/choice-select";
import { Button } from "@/components/ui/button";
import { ALERT_KINDS, type AlertKind } from "@/lib/alerts/alert";
import type { AlertState } from "@/lib/alerts/alert-schemas";

/** Which alerts are listed, in the address. The project stands there already. */
export const ALERT_FILTER_PARAMS = {
  state: parseAsStringLiteral(ALERT_STATES),
  kind: parseAsStringLiteral(ALERT_KINDS),
  /** One alert alone, as notices link to it. */
  alert: parseAsString,
};

interface AlertFiltersProps {
  state: AlertState | null;
  kind: AlertKind | null;
  onChange: (change: { state?: AlertState | null; kind?: AlertKind | null }) => void;
}

const ANY = "any";
const STATE_OPTIONS = [
  { value: ANY, label: "Any" },
  ...ALERT_STATES.map((value) => ({ value, label: ALERT_STATE_WORDS[value].label })),
];
const KIND_OPTIONS = [
  { value: ANY, label: "Any" },
  ...ALERT_KINDS.map((value) => ({ value, label: KIND_WORDS[value].label })),
];

/** Narrows the list to a state and a kind. */
export function AlertFilters({ state, kind, onChange }: AlertFiltersProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ChoiceSelect
        label="State"
        value={state ?? ANY}
        options={STATE_OPTIONS}
        onChoose={(next) => onChange({ state: ALERT_STATES.find((one) => one === next) ?? null })}
      />
      <ChoiceSelect
        label="Kind"
        value={kind ?? ANY}
        options={KIND_OPTIONS}
        onChoose={(next) => onChange({ kind: ALERT_KINDS.find((one) => one === next) ?? null })}
      />
      {(state !== null || kind !== null) && (
        <Button variant="ghost" onClick={() => onChange({ state: null, kind: null })}>
          Clear
        </Button>
      )}
    </div>
  );
}
