"use client";

import { List, Split, Tag } from "lucide-react";
import { type Scope, scopeSearch } from "@/components/filters/scope";
import { useMay } from "@/components/layout/use-may";
import type { PriceTask } from "@/components/prices/price-dialog";
import { emptyDraft, type PriceDraft } from "@/components/prices/price-draft";
import { chooseRemedy, reasonWords } from "@/components/prices/unpriced-words";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { PointedLink } from "@/components/ui/pointed-link";
import { formatCount, formatQuantity, formatTokens } from "@/lib/format";
import { CALLS_PATH, withQuery } from "@/lib/paths";
import type { UnpricedModel } from "@/lib/prices/unpriced-schemas";

interface UnpricedItemProps {
  unpriced: UnpricedModel;
  scope: Scope;
  hasProjects: boolean;
  onOpen: (task: PriceTask) => void;
}

/** One model: what it is, why its calls have no price, how much was used, and what mends it. */
export function UnpricedItem({ unpriced, scope, hasProjects, onOpen }: UnpricedItemProps) {
  const { provider, model, requested_models: requested, usage } = unpriced;
  // What was not reported is unknown, not 0.
  const hasUsage = unpriced.reasons.some(({ cost_reason }) => cost_reason !== "no_usage");
  return (
    <li
      aria-label={model ?? "(no model)"}
      className="flex flex-wrap items-start gap-x-6 gap-y-2 border-line border-t px-4 py-3 text-[13px]"
    >
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="break-all font-medium font-mono">{model ?? "(no model)"}</span>
          <span className="text-ink-muted">{provider ?? "no provider"}</span>
          {hasProjects && <span className="text-ink-muted">· {unpriced.project}</span>}
        </p>
        {requested.length > 0 && (
          <p className="break-words text-ink-muted">Asked for as {requested.join(", ")}</p>
        )}
        <Reasons unpriced={unpriced} />
        <Remedies unpriced={unpriced} scope={scope} onOpen={onOpen} />
      </div>
      <dl className="tabular grid w-full max-w-md grid-cols-3 gap-x-4 gap-y-0.5 text-right sm:w-auto sm:min-w-80">
        <Figure name="Calls" value={formatCount(unpriced.calls)} />
        <Figure name="Tokens in" {...tokens(hasUsage ? usage.input_tokens : null)} />
        <Figure name="Tokens out" {...tokens(hasUsage ? usage.output_tokens : null)} />
        <UsageNote unpriced={unpriced} timeZone={scope.timeZone} />
      </dl>
    </li>
  );
}

function Figure({ name, value, title }: { name: string; value: string; title?: string }) {
  return (
    <div>
      <dt className="text-ink-muted text-xs">{name}</dt>
      <dd className="font-medium" {...(title ? { title } : {})}>
        {value}
      </dd>
    </div>
  );
}

function tokens(count: number | null) {
  const title = count === null ? "no usage reported" : formatQuantity(count, "token");
  return { value: formatTokens(count), title };
}

const PARTS = [
  ["cache_read_tokens", "cached"],
  ["cache_write_5m_tokens", "cache write 5 min"],
  ["cache_write_1h_tokens", "cache write 1 h"],
  ["input_audio_tokens", "audio in"],
  ["reasoning_tokens", "reasoning"],
  ["output_audio_tokens", "audio out"],
] as const;

/** The parts of those tokens that were used, and when such calls came. */
function UsageNote({ unpriced, timeZone }: { unpriced: UnpricedModel; timeZone: string }) {
  const parts = PARTS.flatMap(([field, label]) => {
    const count = unpriced.usage[field];
    return count > 0 ? [`${formatTokens(count)} ${label}`] : [];
  });
  const { web_searches: searches } = unpriced.usage;
  if (searches > 0) parts.push(formatQuantity(searches, "web search", "web searches"));
  if (unpriced.gpu_seconds !== "0") parts.push(`${unpriced.gpu_seconds} GPU seconds`);
  return (
    <div className="col-span-3 text-ink-muted text-xs">
      <dt className="sr-only">Of these, and when</dt>
      <dd>
        {parts.length > 0 && <span className="block">{parts.join(" · ")}</span>}
        {unpriced.first_seen_at && unpriced.last_seen_at && (
          <span className="block">
            <Moment at={unpriced.first_seen_at} timeZone={timeZone} /> to{" "}
            <Moment at={unpriced.last_seen_at} timeZone={timeZone} />
          </span>
        )}
      </dd>
    </div>
  );
}

function Reasons({ unpriced }: { unpriced: UnpricedModel }) {
  const { reasons, expired_calls: expired, matched } = unpriced;
  const hasSeveral = reasons.length > 1;
  return (
    <ul className="pt-0.5">
      {reasons.map((reason) => (
        <li key={`${reason.cost_status} ${reason.cost_reason}`} className="text-pretty">
          {hasSeveral && `${formatQuantity(reason.calls, "call")}: `}
          {reasonWords(reason).text}
        </li>
      ))}
      {chooseRemedy(unpriced) === "reprice" && (
        <li className="text-pretty font-medium">
          It has a price since: {matched}. These calls came before it.
        </li>
      )}
      {expired > 0 && (
        <li className="text-ink-muted">
          The detail of {formatQuantity(expired, "call")} has expired; their cost stays unknown.
        </li>
      )}
    </ul>
  );
}

function Remedies({ unpriced, scope, onOpen }: Omit<UnpricedItemProps, "hasProjects">) {
  const may = useMay();
  const remedy = chooseRemedy(unpriced);
  const { project, provider, model, matched } = unpriced;
  const mayWrite = may("prices.write", project);
  const price = (draft: Partial<PriceDraft>): PriceTask => ({
    kind: "price",
    isNamed: true,
    project,
    draft: emptyDraft({ provider: provider ?? "", model: model ?? "", project, ...draft }),
  });
  const reprice: PriceTask = {
    kind: "reprice",
    project,
    filter: { provider: provider ?? "", model: model ?? "" },
    reason: "",
    title: `Reprice calls of ${model}`,
  };
  return (
    <div className="flex flex-wrap items-center gap-2 pt-2">
      {mayWrite && remedy === "reprice" && (
        <Button size="small" variant="primary" onClick={() => onOpen(reprice)}>
          Reprice…
        </Button>
      )}
      {mayWrite && remedy !== "sender" && (
        <>
          <Button
            size="small"
            onClick={() => onOpen(price({ kind: "map", mapsTo: mapped(remedy, matched) }))}
          >
            <Split aria-hidden="true" />
            Map to a model
          </Button>
          <Button size="small" onClick={() => onOpen(price({ kind: "own" }))}>
            <Tag aria-hidden="true" />
            Set a price
          </Button>
        </>
      )}
      <Button size="small" variant="ghost" asChild>
        <PointedLink href={callsHref(unpriced, scope)}>
          <List aria-hidden="true" />
          Show the calls
        </PointedLink>
      </Button>
    </div>
  );
}

/** A model whose price lacks a class stays mapped to itself, with that class on top. */
function mapped(remedy: ReturnType<typeof chooseRemedy>, matched: string | null): string {
  return remedy === "price" ? (matched ?? "") : "";
}

function callsHref({ project, provider, model }: UnpricedModel, scope: Scope): string {
  const statuses = ["unpriced", "partial", "invalid_usage"];
  const search = scopeSearch({ ...scope, project }, [
    { dimension: "provider", value: provider ?? "" },
    { dimension: "model", value: model ?? "" },
    ...statuses.map((value) => ({ dimension: "cost_status", value })),
  ]);
  return withQuery(CALLS_PATH, search);
}
