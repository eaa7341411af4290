import { Counter, Gauge, Registry } from "prom-client";
import { type Collected, toNumber } from "@/lib/metrics/collect-metrics";
import { FAMILIES, type Family } from "@/lib/metrics/metric-families";
import type { Freshness } from "@/lib/runtime";

/** What is counted of each family. Of models the names of OpenTelemetry's GenAI conventions, where they have one. */
const COUNTERS = [
  { figure: "cost_usd", name: "cost_usd", help: "US dollars of known cost" },
  { figure: "calls", name: "calls", help: "Calls of models" },
  { figure: "errors", name: "errors", help: "Failed calls of models" },
  { figure: "retries", name: "retries", help: "Calls that were a second attempt or a later one" },
  { figure: "unpriced_calls", name: "unpriced_calls", help: "Events whose cost is unknown" },
  {
    figure: "cache_read_tokens",
    name: "cache_read_tokens",
    help: "Input tokens that came from a cache; they are among the input",
  },
] as const;
const TOKEN_TYPES = [
  { figure: "input_tokens", type: "input" },
  { figure: "output_tokens", type: "output" },
] as const;
const SINCE = "since this process first counted";

/**
 * The text that Prometheus reads, of some projects.
 * @param projects slugs of those that the reader may see
 */
export async function writeMetrics(
  collected: Collected,
  projects: readonly string[],
  freshness: Freshness | null,
): Promise<{ text: string; contentType: string }> {
  const registry = new Registry();
  const mayRead = new Set(projects);
  for (const family of FAMILIES) writeFamily(registry, family, collected, mayRead);
  writeTotals(registry, collected, mayRead);
  writeLatencies(registry, collected, mayRead);
  if (freshness) {
    gauge(registry, "outlay_backlog_events", "Events accepted and not in the figures yet").set(
      freshness.events,
    );
    gauge(registry, "outlay_fresh_to_seconds", "Every event accepted up to then is counted").set(
      freshness.freshToMs / 1000,
    );
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}

function writeFamily(
  registry: Registry,
  family: Family,
  collected: Collected,
  mayRead: ReadonlySet<string>,
): void {
  const series = (collected.series.get(family.name) ?? []).filter((one) =>
    mayRead.has(one.project),
  );
  const labelNames = ["project", ...family.labels];
  const labelsOf = ({ project, values }: (typeof series)[number]) =>
    Object.fromEntries(
      [project, ...values].map((value, at) => [labelNames[at] ?? "", value] as const),
    );
  const isOfModels = family.name === "model";
  const prefix = isOfModels ? "outlay" : `outlay_${family.name}`;
  for (const { figure, name, help } of COUNTERS) {
    const counter = new Counter({
      name: `${prefix}_${name}_total`,
      help: `${help}, by ${family.name}, ${SINCE}.`,
      labelNames,
      registers: [registry],
    });
    for (const one of series) {
      const sum = one.sums[figure];
      counter.inc(labelsOf(one), figure === "cost_usd" ? toNumber(sum) : Number(sum));
    }
  }
  const tokens = new Counter({
    name: isOfModels ? "gen_ai_client_token_usage_total" : `${prefix}_token_usage_total`,
    help: `Tokens, by ${family.name}, ${SINCE}. Input has what was cached, output what was reasoned.`,
    labelNames: [...labelNames, "gen_ai_token_type"],
    registers: [registry],
  });
  for (const one of series) {
    for (const { figure, type } of TOKEN_TYPES) {
      tokens.inc({ ...labelsOf(one), gen_ai_token_type: type }, Number(one.sums[figure]));
    }
  }
}

function writeTotals(
  registry: Registry,
  { totals }: Collected,
  mayRead: ReadonlySet<string>,
): void {
  const labels = ["project"];
  const cost = gauge(registry, "outlay_ledger_cost_usd", "Known cost of all time", labels);
  const calls = gauge(registry, "outlay_ledger_calls", "Calls of models of all time", labels);
  const unpriced = gauge(
    registry,
    "outlay_ledger_unpriced_calls",
    "Events of all time whose cost is unknown",
    labels,
  );
  for (const [project, total] of totals) {
    if (!mayRead.has(project)) continue;
    cost.set({ project }, toNumber(total.costFemto));
    calls.set({ project }, total.calls);
    unpriced.set({ project }, total.unpricedCalls);
  }
}

const QUANTILES = [
  { quantile: "0.5", duration: "p50_duration_ms", ttft: "p50_ttft_ms" },
  { quantile: "0.95", duration: "p95_duration_ms", ttft: "p95_ttft_ms" },
] as const;

function writeLatencies(
  registry: Registry,
  { latencies }: Collected,
  mayRead: ReadonlySet<string>,
): void {
  const [family] = FAMILIES;
  const labels = ["project", ...family.labels, "quantile"];
  const name = "outlay_last_hour";
  const duration = gauge(registry, `${name}_operation_duration_seconds`, DURATION, labels);
  const ttft = gauge(registry, `${name}_time_to_first_token_seconds`, TTFT, labels);
  for (const one of latencies) {
    if (!mayRead.has(one.project)) continue;
    const [provider = "", model = ""] = one.values;
    for (const { quantile, ...of } of QUANTILES) {
      const at = {
        project: one.project,
        gen_ai_provider_name: provider,
        gen_ai_response_model: model,
        quantile,
      };
      const [durationMs, ttftMs] = [one[of.duration], one[of.ttft]];
      if (durationMs !== null) duration.set(at, durationMs / 1000);
      if (ttftMs !== null) ttft.set(at, ttftMs / 1000);
    }
  }
}

const DURATION = "How long calls of the last hour took, in seconds";
const TTFT = "How long calls of the last hour took to their first token, in seconds";

function gauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[] = [],
): Gauge {
  return new Gauge({
    name,
    help: `${help}.`,
    labelNames: [...labelNames],
    registers: [registry],
  });
}
