"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { CatalogueSearch } from "@/components/prices/catalogue-search";
import { type DraftFaults, type PriceDraft, readDraft } from "@/components/prices/price-draft";
import { PlaceFields, PriceFields, TimeFields } from "@/components/prices/price-fields";
import { createPrice } from "@/components/prices/prices-answer";
import type { RepriceScope } from "@/components/prices/reprice-answer";
import { Preview } from "@/components/prices/reprice-steps";
import { usePlaces } from "@/components/prices/use-places";
import { useReprice } from "@/components/prices/use-reprice";
import { PanelError } from "@/components/states/panel-error";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import type { PriceOverrideAnswer } from "@/lib/prices/price-schemas";

interface PriceFormProps {
  initial: PriceDraft;
  /** Provider and model are given: those of calls there are. */
  isNamed: boolean;
  /** Which calls the preview looks at. */
  scopeOf: (draft: PriceDraft) => RepriceScope;
  rangeText: string;
  timeZone: string;
  onSaved: (
    saved: PriceOverrideAnswer & { closed: PriceOverrideAnswer | null },
    draft: PriceDraft,
  ) => void;
  onClose: () => void;
}

/** A price to set: what it is, whom it is for, from when on, what it would change, and why. */
export function PriceForm(props: PriceFormProps) {
  const { initial, isNamed, scopeOf, rangeText, timeZone, onSaved, onClose } = props;
  const id = useId();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(initial);
  const [search, setSearch] = useState("");
  const [faults, setFaults] = useState<DraftFaults>({});
  const places = usePlaces();
  const preview = useReprice();
  const save = useMutation({
    mutationFn: createPrice,
    onSuccess: async (saved) => {
      onSaved(saved, draft);
      await queries.invalidateQueries({ queryKey: ["prices"] });
      await queries.invalidateQueries({ queryKey: ["unpriced"] });
    },
  });
  const change = (part: Partial<PriceDraft>) => {
    setDraft({ ...draft, ...part });
    setFaults({});
    // What is shown of another price would be taken for this one's.
    if (preview.reprice || preview.error !== null) preview.clear();
    if (save.error) save.reset();
  };
  const read = () => {
    const { body, faults: found } = readDraft(draft, timeZone);
    setFaults(found ?? {});
    return body;
  };
  const tryIt = () => {
    const body = read();
    if (body) preview.start(scopeOf(draft), { dry_run: true, price: body });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = read();
    if (!body) return;
    if (body.note === "") setFaults({ note: "Say why, in a few words: it stays with the price." });
    else if (!save.isPending) save.mutate(body);
  };
  const fields = { draft, faults, onChange: change };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      {!isNamed && (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field
            label="Provider"
            value={draft.provider}
            fault={faults.provider}
            hint="As calls name it."
            onChange={({ target }) => change({ provider: target.value })}
          />
          <Field
            label="Model"
            value={draft.model}
            fault={faults.model}
            hint="As calls name it; a * at its end means all that begin so."
            onChange={({ target }) => change({ model: target.value })}
          />
        </div>
      )}
      <KindChoice kind={draft.kind} onChange={(kind) => change({ kind })} />
      {draft.kind === "map" ? (
        <>
          <CatalogueSearch
            project="*"
            provider={draft.provider}
            text={search}
            onText={setSearch}
            value={draft.mapsTo}
            fault={faults.mapsTo}
            onChoose={(mapsTo) => change({ mapsTo })}
          />
          <More title="Prices of your own on top">
            <PriceFields {...fields} />
          </More>
        </>
      ) : (
        <PriceFields {...fields} />
      )}
      <TimeFields {...fields} timeZone={timeZone} />
      <More title="Project, tier, region, long contexts" isOpen={places.length > 1 && !isNamed}>
        <PlaceFields {...fields} places={places} />
      </More>
      <section aria-labelledby={`${id}-preview`} className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h3 id={`${id}-preview`} className="font-medium text-[13px]">
            What calls of {rangeText} would have cost
          </h3>
          <Button
            size="small"
            aria-disabled={preview.isRunning}
            onClick={() => !preview.isRunning && tryIt()}
          >
            Preview
          </Button>
        </div>
        <Preview run={preview} onRetry={tryIt} />
      </section>
      <Field
        label="Note"
        value={draft.note}
        fault={faults.note}
        maxLength={2000}
        hint="Why, and where the number is from: a contract, an invoice, a web page."
        onChange={({ target }) => change({ note: target.value })}
      />
      {save.error && (
        <PanelError
          what="The price"
          failure="was not saved"
          error={save.error}
          onRetry={save.reset}
        />
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" aria-disabled={save.isPending}>
          {save.isPending ? "Saving…" : "Save price"}
        </Button>
      </div>
    </form>
  );
}

function KindChoice({
  kind,
  onChange,
}: {
  kind: PriceDraft["kind"];
  onChange: (kind: PriceDraft["kind"]) => void;
}) {
  const id = useId();
  return (
    <fieldset className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      <legend className="sr-only">Kind of price</legend>
      {KINDS.map(({ value, label }) => (
        <label key={value} className="flex min-h-7 cursor-pointer items-center gap-2">
          <input
            type="radio"
            name={id}
            checked={kind === value}
            onChange={() => onChange(value)}
            className="accent-accent"
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

const KINDS = [
  { value: "map", label: "Map to a catalogue model" },
  { value: "own", label: "Set a price" },
] as const;

function More(props: { title: string; isOpen?: boolean; children: React.ReactNode }) {
  return (
    <details open={props.isOpen ?? false} className="rounded-control border border-line">
      <summary className="min-h-8 cursor-pointer px-3 py-1.5 text-[13px] text-ink-muted hover:text-ink">
        {props.title}
      </summary>
      <div className="border-line border-t p-3">{props.children}</div>
    </details>
  );
}
